"""Odoo's outgoing queues: what became of what was put in them."""

from . import dunning_channel
from . import dunning_delivery
from . import dunning_delivery_copy
from . import mail_mail
