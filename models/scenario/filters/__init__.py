"""Stored filters of users; a broken one stops its step only."""

from . import dunning_filter_mixin
from . import dunning_step
