"""Stories of the room `answers`."""
