from . import dunning_press
from . import dunning_stationery
from . import dunning_sheets
from . import report_letter
from . import report_statement
from . import ir_actions_report
