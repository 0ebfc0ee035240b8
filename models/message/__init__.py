"""Message: text, addressees and sender of a message; the check before it leaves.

May know the rooms from `setup` to `journal`, and `report/paper`.
"""

from . import check
from . import dunning_step
from . import dunning_channel
from . import dunning_message_mixin
from . import dunning_message_contact
from . import dunning_envelope
from . import dunning_correspondence_mixin
from . import dunning_message_copy
from . import dunning_message_amounts
from . import dunning_message_figures
from . import dunning_message_history
from . import dunning_message_payment
from . import dunning_message_short
from . import dunning_message_text
from . import dunning_message_thanks
from . import dunning_message_discount
from . import dunning_action
from . import link
from . import dunning_statement
from . import dunning_statement_payment
from . import dunning_statement_sending
from . import ir_qweb
from . import mail_mail
from . import mail_render_mixin
from . import account_move
from . import res_company
from . import res_partner
from . import res_partner_statement
