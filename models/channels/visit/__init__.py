"""Channel: visit."""

from . import channel
from . import dunning_action
from . import dunning_delivery
from . import dunning_meeting
from . import dunning_visit
from . import res_partner
