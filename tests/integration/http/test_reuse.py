"""What the entries declare of the reuse of their answers is what the API description and docs/http.md say."""

import json
import re

from brightspot_local.access import declared
from brightspot_local.apidocs.__main__ import ASSETS
from brightspot_local.apidocs.document import declared_reuse
from brightspot_local.paths import ROOT

VALUES = {"/api/v2/cache/{key}", "/api/v2/cache/warm", "/api/v2/cache/analytics"}
HEALTH = {
    "/health", "/api/health", "/api/health/db", "/api/health/redis", "/api/enterprise/health", "/api/v2/health/status",
    "/api/v1/monitoring/health", "/api/v2/health/component/{name}", "/api/v2/health/history",
}  # fmt: skip
FIGURES = {
    "/metrics", "/api/v1/metrics", "/api/v1/monitoring", "/api/v1/monitoring/performance/summary",
    "/api/v1/monitoring/cache/analytics", "/info", "/api/v1/monitoring/performance/realtime",
    "/api/v1/monitoring/database/performance", "/api/v1/monitoring/tasks/monitoring",
    "/api/v2/analytics/metrics/stream",
    "/api/v1/dashboards", "/api/v1/dashboards/security", "/api/v1/dashboards/{name}",
}  # fmt: skip
ALERTS = {
    f"/api/v1/monitoring/alerts{each}" for each in ("", "/rules", "/silences", "/silences/{id}", "/{id}/acknowledge")
}
JOBS = {
    "/api/v2/batch/uploads", "/api/v2/batch/jobs", "/api/v2/batch/jobs/{id}",
    "/api/v2/batch/jobs/{id}/status", "/api/v2/batch/jobs/{id}/result",
}  # fmt: skip
SECURITY = {f"/api/v1/monitoring/security/{each}" for each in ("monitoring", "blocks", "blocks/{client}")}
TASKS = {f"/api/v1/tasks{each}" for each in ("", "/redrive", "/{id}", "/{id}/redrive")}
TASKS |= {f"/api/v1/schedules{each}" for each in ("", "/{name}", "/{name}/state")}
NOWHERE = "/{path}"
PAGE = ROOT / "docs" / "http.md"


def test_the_description_tells_of_304_where_and_only_where_the_entry_declares_a_tag():
    paths = json.loads((ASSETS / "openapi.json").read_bytes())["paths"]
    reuse = declared_reuse()
    for route in (each for each in declared() if each.method == "GET"):
        path = route.path.replace("+}", "}")
        if path not in paths:
            continue
        responses = paths[path]["get"]["responses"]
        assert responses["200"]["headers"]["Cache-Control"]["schema"]["const"] == reuse[path].kept
        assert ("ETag" in responses["200"]["headers"], "304" in responses) == (reuse[path].tagged,) * 2
    accounts = {path for path in reuse if path.startswith("/api/auth/")} | {"/.well-known/jwks.json"}
    untagged = {path for path, each in reuse.items() if not each.tagged}
    assert untagged == {"/api/v1/audit", *HEALTH, *VALUES, *FIGURES, *ALERTS, *JOBS, *SECURITY, *TASKS, *accounts}


def test_members_that_grow_with_time_are_declared_as_ages_wherever_they_are_described():
    document = json.loads((ASSETS / "openapi.json").read_bytes())
    found = {}  # by function: one entry declares for all of its paths
    for path, reuse in declared_reuse().items():
        stored = path.endswith("/report.json")  # the analysis as it was then: nothing in it grows
        if not stored and reuse.tagged and "get" in document["paths"].get(path, {}):
            shape = document["paths"][path]["get"]["responses"]["200"]["content"].get("application/json", {})
            grow = {each for each in members(shape, document) if "age_seconds" in each or each == "seconds_in_state"}
            found.setdefault(id(reuse), (reuse, set()))[1].update(grow)
    assert [grow for reuse, grow in found.values() if grow != set(reuse.ages)] == []


def test_the_page_says_of_every_route_what_its_entry_declares():
    told = {}
    for line in PAGE.read_text().splitlines():
        if line.startswith("| `GET"):
            routes, kept, tagged, left_out = (cell.strip() for cell in line.strip("|").split("|"))
            reuse = (kept.strip("`"), tuple(re.findall("`([^`]+)`", left_out)), tagged == "yes")
            told |= dict.fromkeys(re.findall("`GET ([^`]+)`", routes), reuse)
    read = {each.path.replace("+}", "}") for each in declared() if each.method == "GET"} - {NOWHERE}
    reused = declared_reuse()
    assert told == {path: (reused[path].kept, reused[path].ages, reused[path].tagged) for path in read}


def members(shape, document):
    """The names of all members that an answer of a shape can have."""
    seen, names, waiting = set(), set(), [shape]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            name = str(each.get("$ref", "")).rsplit("/", 1)[-1]
            if name and name not in seen:
                seen.add(name)
                waiting.append(document["components"]["schemas"][name])
            names |= set(each.get("properties", {}))
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return names
