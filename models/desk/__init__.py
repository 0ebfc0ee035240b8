"""Desk: review desk, priorities, customer at a glance, go-live.

May know all rooms.
"""

from . import account_move_line_paid_out
from . import dunning_action_context
from . import dunning_action_desk
from . import glance
from . import dunning_action_live
from . import dunning_action_priority
from . import ir_http
from . import res_partner_erasure
from . import res_partner_paid_out
