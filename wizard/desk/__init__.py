"""Dialogs of the room `desk`."""

from . import dunning_action_channel
from . import dunning_action_confirm
from . import dunning_action_postpone
from . import dunning_action_reason
from . import dunning_golive
from . import dunning_golive_check
from . import dunning_golive_intake
from . import dunning_golive_step
