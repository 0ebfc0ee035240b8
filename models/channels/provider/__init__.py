"""Services that take messages over, and their reports."""

from . import provided_channel
from . import dunning_submission
from . import dunning_delivery
from . import dunning_action
from . import dunning_dispatch
from . import dunning_provider
from . import dunning_provider_field
from . import dunning_deposit
from . import dunning_submission_submit
from . import dunning_submission_poll
