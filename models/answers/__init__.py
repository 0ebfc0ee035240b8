"""Answers of customers (promises, disputes, reasons for not paying,
satisfaction, replies, declarations).

May know the rooms from `setup` to `channels`, and `report/paper`.
"""

from . import dunning_answer_mixin
from . import dunning_claim_part_mixin
from . import dunning_entry_mixin
from . import dunning_channel
from . import dunning_action
from . import account_move_line
from . import satisfaction
from . import promise
from . import dispute
from . import nonpayment
from . import account_move
from . import mail_activity
from . import mail_activity_guard
from . import mail_message
from . import mail_thread
from . import res_partner_entry
from . import res_partner
from . import res_partner_family
from . import insolvency
from . import declaration
from . import page
