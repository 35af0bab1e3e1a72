"""`python -m brightspot_local.rate_limits`: renew the tables of docs/rate-limits.md, from the policies and settings."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from brightspot.core.settings import load
from brightspot.http.client import ProxySettings
from brightspot.http.policies import POLICIES
from brightspot.ratelimit import RateLimitSettings, configured
from brightspot_local.access import entries
from brightspot_local.paths import ROOT

PAGE = ROOT / "docs" / "rate-limits.md"


def filled(text: str) -> str:
    """The page with each generated table between its markers renewed."""
    tables = {"policies": _policies(), "settings": _settings(RateLimitSettings), "proxies": _settings(ProxySettings)}
    for name, table in tables.items():
        begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, found, rest = text.partition(begin)
        if not found or end not in rest:
            raise ValueError(f"the page has no place for the table of {name}")
        text = f"{before}{begin}\n{table}\n{end}{rest.partition(end)[2]}"
    return text


def _policies() -> str:
    default, used = load(RateLimitSettings, {}).default, _used()
    rows = []
    for each in POLICIES:
        policy = configured(each, default, {})
        routes = ", ".join(used.get(each.name, [])) or ("" if each.name == "default" else "no route yet")
        limit = f"{policy.limit}" if each.limit is not None or each.name == "default" else f"{policy.limit} (default)"
        rows.append([f"`{each.name}`", limit, f"`{each.variable}`", policy.away, each.text, routes])
    return _table(["policy", "limit", "variable", "store away", "for", "routes"], rows)


def _used() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for route, entry in entries():
        found.setdefault(entry.policy.rate(route.method, route.path).name, []).append(f"`{route.method} {route.path}`")
    return found


def _settings(group: type[Any]) -> str:
    return _table(
        ["variable", "default", "meaning"],
        [
            [f"`{each.metadata['variable']}`", _shown(each.default), each.metadata["text"]]
            for each in fields(group)  # of a dataclass, which type[Any] does not say
        ],
    )


def _shown(default: Any) -> str:
    return str(default).lower() if isinstance(default, bool) else str(default) or "none"


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, ["---"] * len(head), *rows])


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text()))
