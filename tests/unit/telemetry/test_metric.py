"""Declarations of metrics."""

import gzip
import json
from importlib.resources import files
from typing import get_args

import pytest

from brightspot.telemetry import METRICS, Counter, Unit


def test_the_units_are_cloudwatchs():
    (model,) = files("botocore").joinpath("data", "cloudwatch").glob("*/service-2.json.gz")
    shapes = json.loads(gzip.decompress(model.read_bytes()))["shapes"]
    assert set(get_args(Unit)) == set(shapes["StandardUnit"]["enum"])


def test_no_two_metrics_or_dimensions_share_a_name_in_a_line():
    names = [each.name for each in METRICS]
    dimensions = {dimension for each in METRICS for dimension in each.dimensions} | {"Stack", "_aws"}
    assert len(set(names)) == len(names)
    assert not dimensions & set(names)


def test_every_declared_metric_is_in_the_table():
    from brightspot.telemetry import declared

    found = {value for value in vars(declared).values() if isinstance(value, declared.Metric)}
    assert found == set(METRICS)


def test_a_label_is_a_dimension_in_cloudwatchs_spelling():
    assert Counter("Reads", "Count", "reads", ("cache_level", "name")).dimensions == ("CacheLevel", "Name")


@pytest.mark.parametrize("name", ["", "9Lives", "Cache Hits", "cache.hits", "Zähler", "_aws", "x" * 256])
def test_a_name_that_cloudwatch_or_prometheus_would_not_take_is_refused(name):
    with pytest.raises(ValueError, match="no name for a metric"):
        Counter(name, "Count", "something")


def test_a_metric_must_say_what_it_tells():
    with pytest.raises(ValueError, match="does not say what it tells"):
        Counter("Reads", "Count", "")


@pytest.mark.parametrize("labels", [("",), ("Cache",), ("_cache",), ("a b",), ("cache", "cache"), ("stack",)])
def test_labels_that_make_no_dimensions_are_refused(labels):
    with pytest.raises(ValueError, match="cannot have the labels"):
        Counter("Reads", "Count", "reads", labels)


def test_a_metric_that_is_called_as_its_own_dimension_is_refused():
    for name in ("Stack", "Cache"):
        with pytest.raises(ValueError, match="cannot have the labels"):
            Counter(name, "Count", "something", ("cache",))


def test_thirty_dimensions_are_the_most_the_stack_included():
    labels = [f"label{number}" for number in range(30)]
    assert len(Counter("Reads", "Count", "reads", tuple(labels[:29])).dimensions) == 29
    with pytest.raises(ValueError, match="30 are the most"):
        Counter("Reads", "Count", "reads", tuple(labels))
