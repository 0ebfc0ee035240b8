"""Which customers are followed up, and which are not."""

from . import dunning_coverage
from . import res_partner
