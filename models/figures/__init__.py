"""Figures: what is owed, and how fast it is paid, on any day.

May know all rooms below `desk`.
"""

from . import dunning_figures
