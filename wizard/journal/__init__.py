"""Dialogs of the room `journal`."""

from . import base_partner_merge
