"""Reports of the room `answers`."""

from . import dunning_dispute_report
from . import dunning_dispute_cause_report
