"""One line per step: seconds since the start, seconds that the step took, what was done."""

import time
from typing import TextIO


class Progress:
    """Says what was done, and how long it took since the line before."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._start = self._last = time.monotonic()

    def __call__(self, done: str, what: str) -> None:
        now = time.monotonic()
        self._out.write(f"{now - self._start:6.1f} s {now - self._last:+6.1f}  {done:<9} {what}\n")
        self._out.flush()
        self._last = now
