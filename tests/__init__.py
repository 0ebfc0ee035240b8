from . import test_delivered_scenarios
from . import test_oracle
from . import test_planner_timing
from . import test_scenario
