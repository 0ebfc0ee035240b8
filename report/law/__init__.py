"""Reports of the room `law`."""

from . import report_interest
