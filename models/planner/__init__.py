"""Planner: creates actions from the ledger, and explains them.

It knows no channel, no message text and no screen.

May know the rooms from `setup` to `journal`.
"""

from . import preview
from . import coverage
from . import dunning_explainer
from . import dunning_explainer_outlook
from . import dunning_explainer_text
from . import dunning_planner
from . import dunning_planner_amounts
from . import dunning_planner_lock
from . import dunning_planner_recheck
from . import account_move_line
from . import account_move
from . import account_payment
from . import dunning_action_line
from . import res_partner
