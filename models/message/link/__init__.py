"""Access keys in the links of messages, and attempts at their pages."""

from . import dunning_page_attempt
