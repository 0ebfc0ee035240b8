"""Stories of the room `scenario`."""
