"""Stories of the room `desk`."""
