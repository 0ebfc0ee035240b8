"""Dialogs of providers."""

from . import dunning_submission_import
