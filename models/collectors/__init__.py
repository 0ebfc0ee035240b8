"""Collectors: users in charge of customers, their teams and stand-ins, and agencies.

May know the rooms from `setup` to `journal`.
"""

from . import dunning_action
from . import handover
from . import dunning_team
from . import dunning_team_customers
from . import dunning_team_rule
from . import dunning_segment
from . import dunning_absence
from . import mail_activity
from . import res_partner
from . import res_users
