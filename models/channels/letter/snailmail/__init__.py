"""Letters that Odoo's postal service prints and posts."""

from . import channel
from . import dunning_action
from . import dunning_delivery
from . import res_company
from . import res_config_settings
from . import snailmail_letter
from . import dunning_pending_check
