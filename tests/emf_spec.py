"""What docs.aws.amazon.com, "Specification: Embedded metric format", asks of a document; figures read back from it."""

import json
import math
from typing import get_args

from brightspot.telemetry import Unit

MOST_BYTES = 256 * 1024


def document(line):
    """The document on a line that keeps to the specification; anything else fails."""
    assert len(line.encode()) <= MOST_BYTES
    root = json.loads(line, parse_constant=lambda name: fails(f"{name} is no JSON"))
    metadata = root["_aws"]
    assert isinstance(metadata["Timestamp"], int)
    assert metadata["CloudWatchMetrics"]
    for directive in metadata["CloudWatchMetrics"]:
        assert set(directive) == {"Namespace", "Dimensions", "Metrics"}
        assert 1 <= len(directive["Namespace"]) <= 255
        assert 1 <= len(directive["Metrics"]) <= 100
        for dimensions in directive["Dimensions"]:
            assert 1 <= len(dimensions) <= 30
            assert all(isinstance(root[each], str) and 1 <= len(root[each]) <= 1024 for each in dimensions)
        for metric in directive["Metrics"]:
            assert set(metric) == {"Name", "Unit"}
            assert 1 <= len(metric["Name"]) <= 255
            assert metric["Unit"] in get_args(Unit)
            values = root[metric["Name"]]
            assert 1 <= len(values) <= 100
            assert all(isinstance(each, int | float) and math.isfinite(each) for each in values)
    return root


def documents(text):
    """The documents of a text in which every line is one."""
    assert text == "" or text.endswith("\n")
    return [document(line) for line in text.splitlines()]


def told(roots):
    """Every value in them by metric and the dimensions that it is told of, each as often as CloudWatch would see it."""
    seen = {}
    for root in roots:
        for directive in root["_aws"]["CloudWatchMetrics"]:
            for names in directive["Dimensions"]:
                where = tuple(sorted((name, root[name]) for name in names))
                for metric in directive["Metrics"]:
                    seen.setdefault((metric["Name"], where), []).extend(root[metric["Name"]])
    return seen


def fails(why):
    raise AssertionError(why)
