"""Dialogs of the room `scenario`."""

from . import dunning_scenario_import
