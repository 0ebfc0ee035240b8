"""Dialogs of the room `law`."""

from . import dunning_interest_sheet
from . import dunning_legal_waive
