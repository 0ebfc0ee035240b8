"""Channel: fax."""

from . import channel
from . import dunning_delivery
from . import res_company
from . import res_config_settings
from . import res_partner
