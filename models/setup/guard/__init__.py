"""Guards of fields that only methods write, and of records of other users."""

from . import dunning_guard_mixin
from . import dunning_wizard_mixin
from . import ir_attachment
from . import ir_default
from . import mail_message
from . import res_partner
from . import res_company
