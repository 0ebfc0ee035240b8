"""Desk: review desk, priorities, customer at a glance, go-live.

May know all rooms.
"""

from . import dunning_action_context
from . import dunning_action_desk
from . import glance
from . import dunning_action_live
from . import dunning_action_priority
from . import ir_http
from . import res_partner_erasure
