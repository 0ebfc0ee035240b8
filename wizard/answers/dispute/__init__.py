"""What a customer disputes."""

from . import dunning_entry
