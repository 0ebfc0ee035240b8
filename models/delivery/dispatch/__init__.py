"""Dispatches: the actions sent by one click, and their results."""

from . import dunning_action
from . import dunning_dispatch
