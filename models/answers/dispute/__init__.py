"""Disputes: what the customer contests, and its settlement."""

from . import dunning_dispute
from . import dunning_dispute_claim
from . import dunning_dispute_mail
from . import dunning_dispute_text
from . import dunning_dispute_owner
from . import dunning_dispute_reason
from . import dunning_dispute_settle
from . import dunning_planner
from . import dunning_promise_claim
from . import res_users
from . import dunning_team
from . import account_move
from . import dunning_message_mixin
from . import res_partner
