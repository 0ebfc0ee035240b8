"""Stories of the room `ledger`."""
