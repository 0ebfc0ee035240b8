"""The sheets of registered letters."""

from . import report_letter
