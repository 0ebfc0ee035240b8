"""What was sent at one press of a button, and what became of it."""

from . import dunning_action
from . import dunning_dispatch
