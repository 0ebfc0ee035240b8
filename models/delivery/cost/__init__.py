"""Costs of deliveries."""

from . import dunning_channel_cost
from . import dunning_delivery
