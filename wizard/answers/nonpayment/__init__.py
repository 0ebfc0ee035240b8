"""Why a customer has not paid."""

from . import dunning_entry
