"""Stories of the room `planner`."""
