"""Declarations: what customers say on their page, until a person has decided on it."""

from . import dunning_answer_mixin
from . import dunning_declared_mixin
from . import dunning_promise
from . import dunning_promise_claim
from . import dunning_dispute
from . import dunning_dispute_reason
from . import dunning_nonpayment
from . import dunning_declaration
from . import dunning_declaration_line
from . import dunning_declaration_term
from . import dunning_declaration_make
from . import dunning_declaration_check
from . import dunning_declaration_course
from . import dunning_declaration_decide
from . import dunning_declaration_automatic
from . import dunning_declaration_show
from . import dunning_planner
from . import dunning_action
from . import dunning_delivery
from . import dunning_message_mixin
from . import account_move_line
from . import res_company
from . import res_config_settings
from . import res_partner
