"""Stories of the channel fax."""
