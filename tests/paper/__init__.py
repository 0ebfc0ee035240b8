"""Stories of `report/paper`."""
