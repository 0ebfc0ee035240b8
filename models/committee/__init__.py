"""Committee: its sessions, its cases and the effects of its decisions.

May know the rooms from `setup` to `answers`, and `report/paper`.
"""

from . import channel
from . import dunning_delivery
from . import dunning_committee
from . import dunning_committee_gather
from . import dunning_committee_case
from . import dunning_committee_execution
from . import dunning_handover
from . import dunning_planner
from . import res_company
from . import res_config_settings
from . import res_partner
