"""Channels: a folder for each channel, with its port, its fields on deliveries, steps,
actions and customers, and the service behind it.

May know the rooms from `setup` to `journal`, `message`, `delivery` and
`report/paper`.
"""

from . import dunning_delivery
from . import dunning_message_mixin
from . import dunning_postal_delay
from . import paper_channel
from . import res_partner
from . import task_channel
from . import spoken_channel
from . import postal_channel
from . import email
from . import interactive_email
from . import letter
from . import fax
from . import phone
from . import provider
from . import electronic_registered_letter
from . import registered_letter
from . import visit
from . import sms
from . import voice_message
