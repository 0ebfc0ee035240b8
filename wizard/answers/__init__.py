"""Dialogs of the room `answers`."""

from . import account_move_reversal
from . import dunning_entry
from . import dunning_entry_customer
from . import dunning_entry_line
from . import dunning_entry_save
from . import dunning_entry_survey
from . import dunning_entry_unreached
from . import dunning_entry_visit
