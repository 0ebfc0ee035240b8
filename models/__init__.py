"""Models, by room: a room may use those above it in this list."""

from . import setup
from . import ledger
from . import scenario
from . import journal
from . import collectors
from . import message
from . import planner
from . import delivery
from . import channels
from . import answers
from . import law
from . import committee
from . import figures
from . import desk
