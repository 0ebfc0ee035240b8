"""Stories of the room `setup`."""
