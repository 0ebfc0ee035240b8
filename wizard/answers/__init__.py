"""Dialogs of the room `answers`.

The blocks of the entry dialog are imported in the order in which they depend on each
other.
"""

from . import account_move_reversal
from . import dunning_entry
from . import dunning_entry_line
from . import dunning_entry_customer
from . import dunning_entry_save
from . import promise
from . import dispute
from . import satisfaction
from . import nonpayment
from . import survey
from . import call
from . import visit
from . import declaration
