"""Channel: electronic registered letter."""

from . import channel
from . import res_partner
