"""Dialogs of the room `message`."""

from . import dunning_statement_send
