"""`python -m brightspot_local.live_sources`: renew the tables of docs/live-sources.md from what the sources declare."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from brightspot.core.settings import load
from brightspot.locations.collectors.live.facts import Facts
from brightspot.locations.collectors.live.registry import source_of
from brightspot.locations.collectors.live.settings import LiveSettings, group_of
from brightspot.locations.dataset.live_points import EVERY_POINT
from brightspot.locations.model import LIVE_SOURCES
from brightspot.resilience.retry import RetrySettings
from brightspot_local.paths import ROOT

PAGE = ROOT / "docs" / "live-sources.md"


def declared() -> list[Facts]:
    """The facts of every source there is, on or off."""
    return [source_of(name).facts for name in LIVE_SOURCES]


def filled(text: str) -> str:
    """The page with each generated table between its markers renewed."""
    for name, table in {"sources": _sources(), "terms": _terms(), "settings": _settings()}.items():
        begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, found, rest = text.partition(begin)
        if not found or end not in rest:
            raise ValueError(f"the page has no place for the table of {name}")
        text = f"{before}{begin}\n{table}\n{end}{rest.partition(end)[2]}"
    return text


def _sources() -> str:
    rows = [
        [
            f"`{each.variable}_ENABLED`",
            each.name,
            _tells(each),
            ", ".join(map(str, each.limits)),
            f"{each.timeout_seconds:g} s",
            f"{_hours(each.fresh_hours)}, then {_hours(each.stale_hours)} as a stand-in",
            _key(each),
        ]
        for each in declared()
    ]
    return _table(["switch", "source", "tells", "asked at most", "time per analysis", "copies", "key"], rows)


def _tells(facts: Facts) -> str:
    by_collector: dict[str, list[str]] = {}
    for point in facts.gives:
        by_collector.setdefault(EVERY_POINT[point].collector, []).append(f"`{point}`")
    told = [f"{collector}: {', '.join(points)}" for collector, points in by_collector.items()]
    return "; ".join(told) or "where a street address is"


def _terms() -> str:
    rows = [[f"`{each.id}`", each.licence, each.credit, each.terms] for each in declared()]
    return _table(["source", "licence", "credit in every answer", "what to mind"], rows)


def _settings() -> str:
    own = [
        [
            f"`{each.metadata['variable'].replace('OVERPASS', '<ID>')}`",
            "each source's own" if each.default else "none",
            each.metadata["text"],
        ]
        for each in fields(group_of(source_of("overpass").facts))
    ]
    shared = [*_group(load(LiveSettings, {})), *_group(load(RetrySettings, {}))]
    return _table(["variable", "default", "meaning"], [*own, *shared])


def _group(group: Any) -> list[list[str]]:
    return [
        [f"`{each.metadata['variable']}`", str(getattr(group, each.name)) or "none", each.metadata["text"]]
        for each in fields(group)
    ]


def _key(facts: Facts) -> str:
    if not facts.key_parameter:
        return "none"
    return "needed" if facts.needs_key else "optional"


def _hours(hours: float) -> str:
    days, rest = divmod(hours, 24)
    return f"{hours:g} h" if rest or not days else f"{days:g} d"


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, ["---"] * len(head), *rows])


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text()))
