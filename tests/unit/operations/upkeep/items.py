"""A maintenance task over things in memory, each of which takes a second of a clock in hand."""

from dataclasses import dataclass

from brightspot.operations.upkeep.registry import MaintenanceTask
from brightspot.resilience import Deadline


@dataclass(frozen=True)
class Items(MaintenanceTask):
    """Removes what is old of some shelves, a step for each, in order."""

    shelves: dict | None = None
    clock: object = None
    fault: Exception | None = None

    def steps(self):
        return {name: self._step(name) for name in self.shelves}

    def _step(self, name):
        def step(work, after):
            tally = work.tally(name)
            for each in sorted(item for item in self.shelves[name] if str(item) > after):
                if work.late():
                    tally.left = None
                    return after
                if self.fault is not None:
                    raise self.fault
                self.clock.advance(seconds=1)
                tally.looked_at += 1
                tally.changed += 1
                if not work.dry_run:
                    self.shelves[name].remove(each)
                after = str(each)
            return None

        return step


def items(shelves, clock, fault=None):
    return Items("tidy", "Tidies.", "cron(0 1 * * ? *)", 24, "none", shelves, clock, fault)


def seconds(clock, number):
    return Deadline.after(clock, number)
