"""Channel: voice message."""

from . import channel
