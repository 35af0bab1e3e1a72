"""Two ways of doing the same, in turns in one run: their medians, and the ratio of these against a target."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import NamedTuple

_TICKS_PER_MS = os.sysconf("SC_CLK_TCK") / 1000


class Cost(NamedTuple):
    """Milliseconds by the clock, and of CPU where that was measured too."""

    wall: float
    cpu: float | None = None


Measure = Callable[[], Cost]


@dataclass(frozen=True, slots=True)
class Row:
    """Both ways; the target is what the ratio of the medians by the clock may be at most."""

    what: str
    ours: Sequence[Cost]
    usual: Sequence[Cost]
    target: float

    @property
    def ratio(self) -> float:
        return median(each.wall for each in self.ours) / median(each.wall for each in self.usual)

    @property
    def met(self) -> bool:
        return self.ratio <= self.target

    def __str__(self) -> str:
        ours, usual = median(each.wall for each in self.ours), median(each.wall for each in self.usual)
        verdict = "met" if self.met else "MISSED"
        return f"{self.what:54} {ours:9.3f} {usual:9.3f} {self.ratio:6.3f} {self.target:6.2f}  {verdict:6}{self._cpu()}"

    def _cpu(self) -> str:
        """Less exact (ticks of the system), but other work on the machine does not move it."""
        ours, usual = ([each.cpu for each in costs if each.cpu is not None] for costs in (self.ours, self.usual))
        if not ours or not usual:
            return ""
        return f"  CPU {median(ours):4.0f} : {median(usual):4.0f} = {median(ours) / median(usual):.3f}"


def cpu_ms(process: int) -> float:
    """What a process has used so far, from /proc, to 10 ms."""
    after_name = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / _TICKS_PER_MS


def in_turns(rounds: int, *measures: Measure) -> list[list[Cost]]:
    """Each of them, `rounds` times, in turns: a noisy moment meets all alike. Every second round runs backwards."""
    costs: list[list[Cost]] = [[] for _ in measures]
    for turn in range(rounds):
        order = list(zip(measures, costs, strict=True))
        for measure, kept in order if turn % 2 == 0 else reversed(order):
            kept.append(measure())
    return costs


def report(rows: Sequence[Row]) -> int:
    """Print the table; 1 when a target is missed."""
    print(f"{'what (medians)':54} {'ours ms':>9} {'usual ms':>9} {'ratio':>6} {'target':>6}")
    for row in rows:
        print(row)
    return 0 if all(row.met for row in rows) else 1
