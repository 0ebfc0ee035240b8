"""Scenario: segments, scenarios and their steps; the interface that every channel
implements.

May know `setup` and `ledger`.
"""

from . import dunning_channel
from . import dunning_channel_guide
from . import dunning_segment
from . import dunning_scenario
from . import dunning_step
from . import filters
from . import dunning_scenario_text
from . import dunning_step_check
from . import dunning_step_clock
from . import dunning_step_fields
from . import dunning_step_history
from . import dunning_step_text
from . import dunning_step_log
from . import file
from . import dunning_scenario_log
from . import account_move
from . import res_partner
from . import res_company
from . import res_config_settings
