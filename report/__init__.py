"""Reports, in folders by the room of their subject, in the order of `models`."""

from . import paper
from . import ledger
from . import message
from . import channels
from . import answers
from . import law
from . import committee
from . import desk
