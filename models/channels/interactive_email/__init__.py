"""Channel: e-mail with a link to a page of its own."""

from . import dunning_channel_email
from . import channel
from . import dunning_message_mixin
from . import dunning_delivery
from . import dunning_action
from . import dunning_step
