"""Law: legal rates, interest, indemnity, limitation, waivers.

May know the rooms from `setup` to `journal`, `message`, `answers` and `report/paper`.
"""

from . import dunning_message_mixin
from . import dunning_message_law
from . import dunning_legal_agreement
from . import dunning_legal_charge
from . import dunning_legal_indemnity
from . import dunning_legal_interest
from . import dunning_legal_limitation
from . import dunning_legal_rate
from . import dunning_legal_rule
from . import dunning_legal_waiver
from . import account_move_line
from . import res_company
from . import res_config_settings
