"""Dialogs of the room `channels`."""

from . import dunning_number_mixin
from . import dunning_delivery_deposit
from . import dunning_delivery_deposit_line
from . import dunning_delivery_result
from . import dunning_submission_import
