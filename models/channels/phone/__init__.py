"""Channel: phone call."""

from . import channel
from . import dunning_step
from . import dunning_scenario
from . import dunning_action
from . import dunning_call
from . import dunning_delivery
from . import res_partner
