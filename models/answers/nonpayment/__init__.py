"""Reasons for not paying that are no dispute."""

from . import dunning_nonpayment
from . import dunning_dispute_claim
from . import dunning_planner
from . import dunning_nonpayment_paid
from . import dunning_nonpayment_resend
from . import account_move
from . import account_move_line
from . import res_partner
