"""Dialogs of the room `planner`."""

from . import dunning_planner_explain
from . import dunning_scenario_preview
