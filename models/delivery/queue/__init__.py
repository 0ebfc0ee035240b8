"""Odoo's outgoing queues: results of the queued messages."""

from . import dunning_channel
from . import dunning_delivery
from . import dunning_delivery_copy
from . import mail_mail
