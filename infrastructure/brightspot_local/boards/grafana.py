"""A dashboard as Grafana imports it.

The classic dashboard JSON model, which Grafana 10 to 13 take (grafana.com/docs, "Dashboard JSON model"); version 42 of
its schema is that of `@grafana/schema` 13.2.3, and older Grafanas read what they know of it.
"""

import json
from typing import Any, Final

from brightspot_local.boards.panel import Ask, Board, Panel
from brightspot_local.boards.promql import promql

_SOURCE: Final = {"type": "prometheus", "uid": "${datasource}"}
_SCHEMA: Final = 42
_WIDE, _HIGH, _COLUMNS = 12, 8, 24  # rows are 30 pixels
_JOBS: Final = "label_values(circuit_breaker_state, job)"  # told by every scrape, whatever was asked before


def dashboard(board: Board) -> str:
    """The text of its file."""
    told = {
        "uid": f"brightspot-{board.name.replace('_', '-')}"[:40],  # the longest that Grafana takes
        "title": board.title,
        "description": board.text,
        "tags": ["brightspot"],
        "schemaVersion": _SCHEMA,
        "version": 1,
        "editable": True,
        "graphTooltip": 1,
        "timezone": "utc",
        "refresh": "1m",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": _variables()},
        "annotations": {"list": []},
        "links": [],
        "panels": [_panel(place, each) for place, each in enumerate(board.panels)],
    }
    return json.dumps(told, indent=2) + "\n"


def _variables() -> list[dict[str, Any]]:
    return [
        {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus"},
        {
            "name": "job",
            "label": "Scrape job",
            "type": "query",
            "datasource": _SOURCE,
            "query": {"query": _JOBS, "refId": "jobs"},
            "refresh": 1,  # when the dashboard is opened
            "sort": 1,
        },
    ]


def _panel(place: int, panel: Panel) -> dict[str, Any]:
    row, column = divmod(place * _WIDE, _COLUMNS)
    return {
        "id": place + 1,
        "type": "timeseries",
        "title": panel.title,
        "description": panel.text,
        "datasource": _SOURCE,
        "gridPos": {"x": column, "y": row * _HIGH, "w": _WIDE, "h": _HIGH},
        "fieldConfig": {"defaults": _defaults(panel), "overrides": []},
        "options": {
            "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
            "tooltip": {"mode": "multi", "sort": "desc"},
        },
        "targets": [_target(chr(ord("A") + number), ask, _legend(panel, ask)) for number, ask in enumerate(panel.ours)],
    }


def _defaults(panel: Panel) -> dict[str, Any]:
    steps = [{"color": colour, "value": at} for colour, at in _steps(panel)]
    drawn = "line+area" if len(steps) > 1 else "off"
    return {
        "unit": panel.unit,
        "custom": {"thresholdsStyle": {"mode": drawn}, "fillOpacity": 10, "spanNulls": False},
        "thresholds": {"mode": "absolute", "steps": steps},
    }


def _steps(panel: Panel) -> list[tuple[str, float | None]]:
    if panel.falling:
        return [("red", None), ("yellow", panel.bad), ("green", panel.warn)]
    above = [(colour, at) for colour, at in (("yellow", panel.warn), ("red", panel.bad)) if at is not None]
    return [("green", None), *above]


def _target(ref: str, ask: Ask, legend: str) -> dict[str, Any]:
    return {"refId": ref, "datasource": _SOURCE, "expr": promql(ask), "legendFormat": legend, "range": True}


def _legend(panel: Panel, ask: Ask) -> str:
    words = [ask.metric.exposed] if len({each.metric.name for each in panel.ours}) > 1 else []
    words += [f"{{{{{label}}}}}" for label in ask.by]
    if ask.how == "quantile":
        words.append(f"p{100 * ask.quantile:g}")
    return " ".join(words) or panel.title
