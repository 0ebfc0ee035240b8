"""Channels that customers prefer or refuse."""

from . import dunning_action
from . import res_partner
