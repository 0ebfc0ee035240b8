"""Pieces of the development stack; `dev/stack.py` is the door to them."""
