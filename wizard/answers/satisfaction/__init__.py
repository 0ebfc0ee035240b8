"""How satisfied a customer is."""

from . import dunning_entry
