"""Bookkeeping leaves alone what only the follow-up may write."""

from . import account_move
from . import account_move_line
