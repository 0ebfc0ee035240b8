"""Dialogs of the room `channels`."""

from . import registered_letter
from . import provider
