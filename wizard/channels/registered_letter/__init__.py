"""Dialogs of registered letters: their deposit, what became of them."""

from . import dunning_number_mixin
from . import dunning_delivery_deposit
from . import dunning_delivery_deposit_line
from . import dunning_delivery_result
