"""Stories of the room `message`."""
