"""Stories of the quiet hours."""
