"""Ledger: open and due items; claims are kept while their entry is edited.

May know `setup`.
"""

from . import dunning_claim_mixin
from . import dunning_pending_check
from . import account_move
from . import account_move_line
from . import account_move_line_collection
from . import account_move_line_money
from . import account_partial_reconcile
from . import account_payment
from . import guard
from . import res_partner
