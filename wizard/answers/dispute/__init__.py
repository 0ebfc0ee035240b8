"""Block of the entry dialog: disputes."""

from . import dunning_entry
