"""Reports of the room `ledger`."""

from . import dunning_report_mixin
