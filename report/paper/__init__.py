"""Paper: printing of sheets, PDF files, stamps, codes.

It knows no model of ours except those of `setup`.
"""

from . import dunning_press
from . import dunning_stationery
from . import dunning_sheets
from . import ir_actions_report
