"""Stories of the room `collectors`."""
