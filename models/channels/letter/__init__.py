"""Channel: letter, printed and posted."""

from . import channel
from . import snailmail
from . import dunning_binder
from . import dunning_courier
from . import dunning_postal_delay
from . import res_partner
from . import dunning_scenario
