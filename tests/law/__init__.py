"""Stories of the room `law`."""
