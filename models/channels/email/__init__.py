"""Channel: e-mail."""

from . import channel
from . import channel_documents
from . import dunning_delivery
from . import ir_mail_server
from . import mail_thread
