"""Dialogs of registered letters: their deposit and their results."""

from . import dunning_number_mixin
from . import dunning_delivery_deposit
from . import dunning_delivery_deposit_line
from . import dunning_delivery_result
