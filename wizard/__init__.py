"""Dialogs, in folders by the room of their subject, in the order of `models`."""

from . import scenario
from . import journal
from . import message
from . import planner
from . import delivery
from . import channels
from . import answers
from . import law
from . import desk
