"""Quiet hours, when customers are not rung."""

from . import dunning_action
from . import res_company
from . import res_config_settings
