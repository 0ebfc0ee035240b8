"""How a visit went."""

from . import dunning_entry
