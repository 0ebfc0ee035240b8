"""Progress of a long run, on a terminal or in a log."""

import sys

WIDTH = 40


class Progress:
    """Progress bar that grows in place; if stderr is no terminal, a line per tenth."""

    def __init__(self, total):
        self.total = total
        self.done = 0
        self.is_terminal = sys.stderr.isatty()

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        if self.is_terminal and self.done:
            print(file=sys.stderr)

    def advance(self, label, number=1):
        """Record more units of work, and print their label."""
        tenths = self.done * 10 // self.total
        self.done += number
        share = self.done / self.total
        if self.is_terminal:
            bar = "#" * int(share * WIDTH)
            print(
                f"\r[{bar:<{WIDTH}}] {share:4.0%} {label}",
                end="",
                file=sys.stderr,
                flush=True,
            )
        elif self.done * 10 // self.total > tenths:
            print(f"{share:4.0%} {label}", file=sys.stderr, flush=True)
