"""Block of the entry dialog: satisfaction."""

from . import dunning_entry
