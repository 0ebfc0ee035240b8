"""The questions before the due date."""

from . import dunning_entry
