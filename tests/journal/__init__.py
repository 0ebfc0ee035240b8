"""Stories of the room `journal`."""
