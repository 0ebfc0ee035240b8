"""Dialogs of declarations: correction and refusal."""

from . import dunning_entry
from . import dunning_declaration_refusal
