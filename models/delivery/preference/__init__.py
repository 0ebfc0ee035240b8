"""Channels that customers prefer or refuse."""

from . import dunning_action
from . import dunning_channel
from . import res_partner
