"""Reports of the room `channels`."""

from . import report_letter
from . import registered_letter
from . import report_ledger_extract
