"""Guards of follow-up fields on entries and items."""

from . import account_move
from . import account_move_line
