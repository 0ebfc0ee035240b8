"""Isolation and reporting of errors."""

from . import dunning_trouble
