"""Customers whom only their salesperson may contact."""

from . import dunning_action
from . import dunning_delivery
from . import dunning_intermediary
from . import res_partner
