"""Delivery: the courier chooses the channels, sends, and records the results. Quiet
hours, costs, dispatch, rehearsal.

May know the rooms from `setup` to `planner`.
"""

from . import preference
from . import dunning_action_sending
from . import res_company
from . import dunning_action
from . import dunning_channel
from . import dispatch
from . import dunning_delivery
from . import cost
from . import through
from . import dunning_delivery_content
from . import dunning_delivery_failure
from . import queue
from . import dunning_delivery_overtaken
from . import dunning_delivery_wait
from . import dunning_document
from . import dunning_message_mixin
from . import dunning_message_amounts
from . import dunning_courier
from . import dunning_coverage
from . import dunning_explainer
from . import dunning_courier_run
from . import quiet
from . import dunning_rehearsal
from . import dunning_action_number
from . import res_partner
from . import account_move_line
from . import dunning_pending_check
