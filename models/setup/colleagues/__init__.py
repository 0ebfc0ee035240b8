"""Work is given to colleagues, never to customers."""

from . import dunning_guard_mixin
from . import res_company
from . import res_users
