"""Filters that people store; one that fails stops its step only."""

from . import dunning_filter_mixin
from . import dunning_step
