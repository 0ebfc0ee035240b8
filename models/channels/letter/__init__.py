"""Channel: letter, printed and posted."""

from . import posted_channel
from . import channel
from . import snailmail
from . import dunning_binder
from . import dunning_courier
from . import dunning_scenario
