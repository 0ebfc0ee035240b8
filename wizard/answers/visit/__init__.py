"""Block of the entry dialog: the report of a visit."""

from . import dunning_entry
