"""Reports of the room `desk`."""

from . import dunning_customer_report
from . import dunning_overdue_report
