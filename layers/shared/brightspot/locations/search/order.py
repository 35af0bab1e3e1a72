"""The order of a search: the overall score of stored category scores, as SQL works it out for all ZIPs at once.

It is `scoring.combine` before rounding. What is shown of a ZIP comes from `combine` itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from brightspot.locations.dataset.points import CATEGORIES
from brightspot.locations.scoring.combine import OVERALL_SHARE, OVERALL_SLACK, SCORE_DIGITS


@dataclass(frozen=True, slots=True)
class Order:
    """Expressions over the table `zip_scores` as s: `score`, and whether there is one, `scored`.

    Each takes `parameters`: `score` all of them, `scored` the second half.
    """

    score: str
    scored: str
    parameters: tuple[float, ...]

    @classmethod
    def by(cls, weights: Mapping[str, float]) -> Self:
        """The order that category weights, which sum to 1, give."""
        counted = [name for name in CATEGORIES if weights[name] > 0]
        known = " + ".join(f"? * (s.{name} IS NOT NULL)" for name in counted)
        total = " + ".join(f"? * ifnull(s.{name} / 1e{SCORE_DIGITS}, 0.0)" for name in counted)
        numbers = tuple(weights[name] for name in counted)
        return cls(f"({total}) / ({known})", f"({known}) >= {OVERALL_SHARE - OVERALL_SLACK}", (*numbers, *numbers))

    @property
    def scored_parameters(self) -> tuple[float, ...]:
        """Those of `scored`."""
        return self.parameters[len(self.parameters) // 2 :]
