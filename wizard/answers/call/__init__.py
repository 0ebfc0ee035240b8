"""Whether somebody was reached."""

from . import dunning_entry
