"""What a customer promises."""

from . import dunning_entry
