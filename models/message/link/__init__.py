"""Links of messages: their keys, and attempts at their pages."""

from . import dunning_page_attempt
