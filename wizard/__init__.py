from . import account_move_reversal
from . import base_partner_merge
from . import dunning_action_confirm
from . import dunning_action_log
from . import dunning_action_postpone
from . import dunning_planner_explain
from . import dunning_statement_send
from . import dunning_step_preview
