"""Block of the entry dialog: the result of a call."""

from . import dunning_entry
