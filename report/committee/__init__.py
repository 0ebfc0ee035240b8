"""Reports of the room `committee`."""

from . import report_committee_agenda
