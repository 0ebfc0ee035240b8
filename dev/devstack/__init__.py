"""Parts of the development stack; `dev/stack.py` is their entry point."""
