"""Two runs, address by address: what is scored otherwise now, and what succeeds or fails that did not."""

from dataclasses import dataclass

from brightspot_local.acceptance.summary import Outcome, Summary

_SAME = 0.0005  # points of score: what no table shows


@dataclass(frozen=True, slots=True)
class Difference:
    """One address that differs. Scores are None where there was none; `note` says what else is new."""

    address: str
    before: float | None
    after: float | None
    note: str

    @property
    def by(self) -> float | None:
        """Points of score."""
        return None if self.before is None or self.after is None else self.after - self.before


def differences(before: Summary, after: Summary) -> list[Difference]:
    """By size, those without a number first."""
    old, new = ({each.address: each for each in run.sites} for run in (before, after))
    found = [_difference(address, old.get(address), new.get(address)) for address in {**old, **new}]
    return sorted((each for each in found if each is not None), key=lambda each: -_size(each))


def _difference(address: str, old: Outcome | None, new: Outcome | None) -> Difference | None:
    before, after = (None if each is None else each.overall_score for each in (old, new))
    note = _note(old, new)
    if not note and before == after:
        return None
    if not note and before is not None and after is not None and abs(after - before) < _SAME:
        return None
    return Difference(address, before, after, note)


def _note(old: Outcome | None, new: Outcome | None) -> str:
    if old is None or new is None:
        return "was not asked for before" if old is None else "is not asked for any more"
    if old.succeeded != new.succeeded:
        return "succeeds now" if new.succeeded else f"fails now: {new.reason}"
    return ""


def _size(each: Difference) -> float:
    return float("inf") if each.by is None else abs(each.by)
