"""A sign of an attack: patterns that must be found one after the other, in time linear to the text.

Every repeat in a pattern is bounded, possessive and holds no other, so nothing is tried twice: a search takes at most
the pattern's own width at each place of the text (`tests/unit/protection/test_linear.py` reads the patterns' trees).
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from brightspot.protection.categories import Category
from brightspot.protection.decoding import Reading

View = Literal["lines", "spaced", "compact"]


@dataclass(frozen=True, slots=True)
class Sign:
    """`triggers` are texts of which one must be there before a pattern is tried at all."""

    name: str
    category: Category
    score: int
    triggers: tuple[str, ...]
    steps: tuple[str, ...]
    view: View = "spaced"

    def is_in(self, reading: Reading) -> bool:
        """Whether a text has it."""
        text: str = getattr(reading, self.view)
        if not any(trigger in text for trigger in self.triggers):
            return False
        start = 0
        for step in self.steps:
            found = _compiled(step).search(text, start)
            if found is None:
                return False
            start = found.end()
        return True


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
