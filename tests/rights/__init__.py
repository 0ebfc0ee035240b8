"""Stories of rights: who may do what, and who tries to do more."""
