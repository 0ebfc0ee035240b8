"""Scenarios as files: written, read, checked."""

from . import dunning_scenario
from . import dunning_step
from . import dunning_scenario_reader
from . import dunning_scenario_reader_text
