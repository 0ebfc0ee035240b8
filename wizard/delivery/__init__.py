"""Dialogs of the room `delivery`."""

from . import dunning_dry_run
from . import dunning_dry_run_cost
from . import dunning_dry_run_line
from . import dunning_dry_run_stage
from . import dunning_step_preview
