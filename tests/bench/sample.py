"""The question that is measured."""

import json
from typing import Any

from brightspot_local.paths import EVENTS


def analyze_event() -> dict[str, Any]:
    """The sample event of an analysis, from a client that knows no content coding: neither does the usual handler."""
    event: dict[str, Any] = json.loads((EVENTS / "analyze.json").read_text())
    event["headers"] = {name: value for name, value in event["headers"].items() if name != "accept-encoding"}
    return event
