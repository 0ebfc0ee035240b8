"""Stories of the room `channels`."""
