"""A running server, asked over HTTP: how it says it is, and an analysis."""

from functools import partial
from typing import Any

from brightspot_local.remote import Remote
from brightspot_local.validation.here import ADDRESS
from brightspot_local.validation.verdict import NotWell, Verdict, judged

_OK = 200
_PARTS = ("dataset", "cache", "database", "circuit_breakers")


def verdicts(remote: Remote) -> list[Verdict]:
    """Its health as a whole and part by part, and an analysis, which it remembers as any other."""
    report: dict[str, Any] = {}
    whole = judged("server health", lambda: _health(remote, report))
    parts = [judged(f"server {part}", partial(_part, report[part])) for part in _PARTS if part in report]
    return [whole, *parts, judged("server analysis", lambda: _analysis(remote))]


def _health(remote: Remote, report: dict[str, Any]) -> str:
    reply = remote.get("/health")
    if not isinstance(reply.json, dict) or "status" not in reply.json:
        raise NotWell(reply.problem)
    report.update(reply.json)
    if report["status"] != "healthy":
        raise NotWell(f"{remote.url} is {report['status']}")
    return f"{remote.url} is healthy, version {report.get('version')}, {reply.ms:.0f} ms"


def _part(told: Any) -> str:
    facts = {name: value for name, value in told.items() if name != "status"}
    says = ", ".join(f"{name} {value}" for name, value in facts.items())
    if told.get("status") != "ok":
        raise NotWell(says or str(told.get("status")))
    return says


def _analysis(remote: Remote) -> str:
    reply = remote.post("/api/v1/analyze", {"address": ADDRESS})
    if reply.status != _OK:
        raise NotWell(reply.problem)
    told = reply.json
    if not isinstance(told, dict) or told.get("overall_score") is None:
        raise NotWell(f"{ADDRESS} has no score")
    cached = ", from the cache" if told.get("cached") else ""
    return f"{ADDRESS} scores {told['overall_score']:.1f} of 100, {reply.ms:.0f} ms{cached}"
