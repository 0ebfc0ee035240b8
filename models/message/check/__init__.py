"""Check of the words and costs of a message before it leaves."""

from . import dunning_channel
from . import dunning_step
from . import dunning_message_checker
from . import dunning_message_checker_text
from . import dunning_message_checker_advice
from . import dunning_text_mixin
from . import dunning_action
from . import dunning_word_list
from . import mail_template
from . import sms_template
