"""Journal: contacts with a customer and their lines, performed or about to be; the
right to change them, and the notes in chatters.

May know `setup`, `ledger` and `scenario`.
"""

from . import dunning_chronicle
from . import dunning_action
from . import dunning_action_journal
from . import dunning_action_live
from . import dunning_action_line
from . import dunning_action_line_clock
from . import dunning_action_merge
from . import dunning_action_plan
from . import dunning_action_review
from . import dunning_scenario
from . import dunning_step
from . import account_move
from . import account_move_line
from . import dunning_pending_check
from . import res_partner
