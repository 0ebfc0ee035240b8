"""Set-up: whose set-up applies, which day it is, how amounts and days are written;
what guards records and bounds what comes from outside.

Knows no other room.
"""

from . import dunning_shared_mixin
from . import guard
from . import base
from . import colleagues
from . import trouble
from . import dunning_country_calendar
from . import res_partner_reader
from . import res_company
from . import res_config_settings
from . import res_partner
from . import resource_calendar
