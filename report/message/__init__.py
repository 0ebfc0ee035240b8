"""Reports of the room `message`."""

from . import report_statement
