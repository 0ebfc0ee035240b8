"""Channel: text message."""

from . import channel
from . import dunning_step
from . import dunning_delivery
from . import res_partner
from . import sms_sms
from . import sms_template
from . import sms_composer
