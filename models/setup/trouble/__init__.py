"""Errors kept out of others' work, and told."""

from . import dunning_trouble
