from . import test_oracle
from . import test_planner_timing
from . import test_scenario
from . import test_security
