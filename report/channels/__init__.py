"""Reports of the room `channels`."""

from . import report_letter
from . import report_letter_registered
from . import report_ledger_extract
