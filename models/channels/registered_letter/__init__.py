"""Channel: registered letter."""

from . import channel
from . import dunning_action
from . import dunning_delivery
