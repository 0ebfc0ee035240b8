"""Customers handed over to an agency, and blocked orders."""

from . import dunning_handover
from . import dunning_handover_cost
from . import account_move
from . import dunning_action
from . import res_partner
