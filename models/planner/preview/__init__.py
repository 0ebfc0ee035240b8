"""Preview of a scenario before it is played."""

from . import dunning_scenario
from . import dunning_screening
