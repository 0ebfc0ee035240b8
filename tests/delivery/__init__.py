"""Stories of the room `delivery`."""
