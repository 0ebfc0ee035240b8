"""What `dev/bench.py` measures, on data that it generates, and what it compares to."""
