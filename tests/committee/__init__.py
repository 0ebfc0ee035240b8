"""Stories of the room `committee`."""
