"""Promises of payment: taking, holding and judging them."""

from . import dunning_promise
from . import dunning_promise_claim
from . import dunning_planner
from . import dunning_promise_judge
from . import dunning_promise_mail
from . import dunning_promise_confirmation
from . import dunning_promise_term
from . import account_move_line
from . import dunning_message_mixin
from . import res_partner
