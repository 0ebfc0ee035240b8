"""Measurements of `dev/bench.py`, their generated data and their floors."""
