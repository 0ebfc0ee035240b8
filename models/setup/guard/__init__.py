"""Guards of what only methods write, and only their own users see."""

from . import dunning_guard_mixin
from . import dunning_wizard_mixin
from . import ir_attachment
from . import ir_default
from . import mail_message
from . import res_partner
from . import res_company
