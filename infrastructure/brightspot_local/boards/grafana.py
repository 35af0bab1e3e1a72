"""A dashboard as Grafana imports it (dashboard JSON model, schema 39 of Grafana 11; later ones migrate it)."""

import json
from typing import Any, Final

from brightspot_local.boards.panel import Ask, Board, Panel

_SOURCE: Final = {"type": "prometheus", "uid": "${datasource}"}
_WIDE, _HIGH = 12, 8  # of 24 columns; rows are 30 pixels


def dashboard(board: Board) -> str:
    """The text of its file."""
    source = {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus"}
    told = {
        "uid": f"brightspot-{board.name.replace('_', '-')}"[:40],  # the longest that Grafana takes
        "title": board.title,
        "description": board.text,
        "tags": ["brightspot"],
        "schemaVersion": 39,
        "version": 1,
        "editable": True,
        "timezone": "utc",
        "refresh": "1m",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": [source]},
        "panels": [_panel(place, each) for place, each in enumerate(board.panels)],
    }
    return json.dumps(told, indent=2) + "\n"


def _panel(place: int, panel: Panel) -> dict[str, Any]:
    column, row = place % 2, place // 2
    return {
        "id": place + 1,
        "type": "timeseries",
        "title": panel.title,
        "description": panel.text,
        "datasource": _SOURCE,
        "gridPos": {"x": column * _WIDE, "y": row * _HIGH, "w": _WIDE, "h": _HIGH},
        "fieldConfig": {"defaults": {"unit": panel.unit, "thresholds": _thresholds(panel)}, "overrides": []},
        "targets": [_target(chr(ord("A") + number), ask) for number, ask in enumerate(panel.asks)],
    }


def _target(ref: str, ask: Ask) -> dict[str, Any]:
    words = [f"{{{{{label}}}}}" for label in ask.by]
    if ask.how == "quantile":
        words.append(f"p{100 * ask.quantile:g}")
    legend = " ".join(words) or "__auto"
    return {"refId": ref, "datasource": _SOURCE, "expr": ask.promql(), "legendFormat": legend}


def _thresholds(panel: Panel) -> dict[str, Any]:
    warn, bad = panel.warn, panel.bad
    if warn is not None and bad is not None and bad < warn:
        steps = [("red", None), ("yellow", bad), ("green", warn)]
    else:
        above = [(colour, at) for colour, at in (("yellow", warn), ("red", bad)) if at is not None]
        steps = [("green", None), *above]
    return {"mode": "absolute", "steps": [{"color": colour, "value": at} for colour, at in steps]}
