"""Sheets of registered letters."""

from . import report_letter
