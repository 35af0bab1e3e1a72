"""A run, and its differences from another, as sections to read."""

from collections.abc import Sequence

from brightspot_local.acceptance.compare import Difference
from brightspot_local.acceptance.summary import LEAST_SUCCESS_PERCENT, Group, Summary
from brightspot_local.show import Line, Section, Table

_NUMBERS = frozenset({"addresses", "successful", "min", "median", "p95", "max", "before", "after", "by"})


def report(summary: Summary) -> list[Section]:
    """The times, what failed, and the verdict."""
    rows = [_row(kind, each) for kind, each in [*summary.kinds.items(), ("all", summary.every)]]
    columns = ["kind", "addresses", "successful", "min", "median", "p95", "max"]
    failed = [[each.address, each.reason or ""] for each in summary.sites if not each.succeeded]
    cached = sum(each.cached for each in summary.sites)
    verdict = "accepted" if summary.accepted else "NOT accepted"
    share = f"{summary.every.success_percent:.1f} %, at least {LEAST_SUCCESS_PERCENT:g} % must"
    return [
        Line(f"Asked {summary.where}: {summary.model or 'no model told'}"),
        Table("Milliseconds per analysis", columns, rows, _NUMBERS),
        *([Table("Failed", ["address", "reason"], failed, style="red")] if failed else []),
        *([Line(f"{cached} of {summary.every.total} answers came from the server's cache")] if cached else []),
        Line(
            f"{verdict}: {summary.every.successful} of {summary.every.total} succeeded "
            f"({share}), {summary.seconds:.1f} s",
            "bold green" if summary.accepted else "bold red",
        ),
    ]


def changes(found: Sequence[Difference], before: Summary) -> list[Section]:
    """What differs from a run before."""
    title = f"Against the run of {before.made_at} ({before.where}, {before.model})"
    if not found:
        return [Line(f"{title}: every address has the same score")]
    rows = [[each.address, _score(each.before), _score(each.after), _by(each), each.note] for each in found]
    return [Table(title, ["address", "before", "after", "by", "note"], rows, _NUMBERS)]


def _row(kind: str, each: Group) -> list[str]:
    times = (
        ["-"] * 4
        if each.ms is None
        else [f"{ms:.1f}" for ms in (each.ms.min, each.ms.median, each.ms.p95, each.ms.max)]
    )
    return [kind, str(each.total), str(each.successful), *times]


def _score(score: float | None) -> str:
    return "-" if score is None else f"{score:.3f}"


def _by(each: Difference) -> str:
    return "-" if each.by is None else f"{each.by:+.3f}"
