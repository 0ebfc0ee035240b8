"""Block of the entry dialog: promises."""

from . import dunning_entry
