"""Coverage of the follow-up: customers without it, and the reasons."""

from . import dunning_coverage
from . import res_partner
