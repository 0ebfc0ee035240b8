"""Export and import of scenarios as files."""

from . import dunning_scenario
from . import dunning_step
from . import dunning_scenario_reader
from . import dunning_scenario_reader_text
