"""Stories of the room `figures`."""
