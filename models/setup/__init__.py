"""Set-up of companies, their days, the format of amounts and dates; guards of records
and bounds of values from outside.

Uses no other room.
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
