"""Block of the entry dialog: questions before the due date."""

from . import dunning_entry
