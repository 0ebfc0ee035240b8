"""Rule that work is assigned to colleagues only, never to portal users."""

from . import dunning_guard_mixin
from . import res_company
from . import res_users
