"""The lines that CloudWatch makes metrics of."""

import time

import pytest
from aws_lambda_powertools.metrics import EphemeralMetrics
from hypothesis import given
from hypothesis import strategies as st

from brightspot.telemetry import BREAKER_OPEN_SECONDS, CACHE_HITS, CACHE_MISSES, DATABASE_ERRORS, HEALTHY, Gauge
from brightspot.telemetry.emf import Figure, lines
from tests.emf_spec import documents, told

STACK = "brightspot-test"
NOW_MS = int(time.time() * 1000)


def written(*figures):
    return documents(lines(figures, "Brightspot", STACK, NOW_MS).decode())


def test_it_is_what_powertools_writes_for_the_same_figures(monkeypatch):
    monkeypatch.delenv("POWERTOOLS_SERVICE_NAME", raising=False)
    theirs = EphemeralMetrics(namespace="Brightspot")
    theirs.set_default_dimensions(Stack=STACK)
    theirs.set_timestamp(NOW_MS)
    for value in (1, 0):
        theirs.add_metric("Healthy", "Count", value)
    theirs.add_metric("BreakerOpenSeconds", "Seconds", 12.5)
    ours = [Figure(HEALTHY, (), [1, 0]), Figure(BREAKER_OPEN_SECONDS, (), [12.5])]
    assert written(*ours) == [theirs.serialize_metric_set()]


def test_with_labels_too_it_is_what_powertools_writes(monkeypatch):
    monkeypatch.delenv("POWERTOOLS_SERVICE_NAME", raising=False)
    theirs = EphemeralMetrics(namespace="Brightspot")
    theirs.set_default_dimensions(Stack=STACK)
    theirs.set_timestamp(NOW_MS)
    theirs.add_dimension("Cache", "analysis")
    theirs.add_metric("CacheHits", "Count", 1)
    theirs.add_metric("CacheMisses", "Count", 0)
    ours = [Figure(CACHE_HITS, ("analysis",), [1]), Figure(CACHE_MISSES, ("analysis",), [0])]
    assert written(*ours) == [theirs.serialize_metric_set()]


def test_metrics_with_and_without_labels_share_a_line():
    (root,) = written(Figure(DATABASE_ERRORS, (), [2]), Figure(CACHE_HITS, ("analysis",), [1]))
    of_stack = (("Stack", STACK),)
    assert told([root]) == {
        ("DatabaseErrors", of_stack): [2],
        ("CacheHits", (("Cache", "analysis"), *of_stack)): [1],
    }


def test_another_value_of_a_label_takes_a_line_of_its_own():
    roots = written(Figure(CACHE_HITS, ("analysis",), [1]), Figure(CACHE_MISSES, ("geocode",), [3]))
    assert [root["Cache"] for root in roots] == ["analysis", "geocode"]


def test_one_hundred_metrics_are_one_line_and_one_more_is_another():
    many = [Figure(Gauge(f"Gauge{number}", "None", "a gauge"), (), [number]) for number in range(101)]
    assert len(written(*many[:100])) == 1
    assert [len(root["_aws"]["CloudWatchMetrics"][0]["Metrics"]) for root in written(*many)] == [100, 1]


def test_metrics_of_several_kinds_count_together():
    labelled = [Figure(Gauge(f"A{number}", "None", "a gauge", ("kind",)), ("x",), [1]) for number in range(60)]
    plain = [Figure(Gauge(f"B{number}", "None", "a gauge"), (), [1]) for number in range(41)]
    assert len(written(*labelled, *plain[:40])) == 1
    assert len(written(*labelled, *plain)) == 2


def test_one_hundred_values_are_one_line_and_one_more_is_another():
    assert len(written(Figure(HEALTHY, (), [1] * 100))) == 1
    assert [len(root["Healthy"]) for root in written(Figure(HEALTHY, (), list(range(250))))] == [100, 100, 50]


def test_thirty_dimensions_are_one_line_and_one_more_is_another():
    def gauge(name, *labels):
        return Figure(Gauge(name, "None", "a gauge", labels), tuple("x" for _ in labels), [1])

    many = gauge("Many", *(f"label{number}" for number in range(28)))
    assert len(written(many, gauge("Other", "more"))) == 1
    assert len(written(many, gauge("Other", "more"), gauge("Another", "most"))) == 2
    assert len(written(many, gauge("Same", "label3"), gauge("Plain"))) == 1


FIGURES = st.lists(
    st.builds(
        lambda name, labels, values: Figure(
            Gauge(name, "None", "a gauge", tuple(labels)), tuple(labels.values()), values
        ),
        st.text("ABC", min_size=1, max_size=255),
        st.dictionaries(st.sampled_from([f"l{number}" for number in range(40)]), st.sampled_from("xy"), max_size=29),
        st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=250),
    ),
    min_size=1,
    max_size=120,
)


@given(FIGURES)
def test_every_value_is_told_once_by_stack_and_labels(figures):
    expected = {}
    for figure in figures:
        where = tuple(sorted([*zip(figure.metric.dimensions, figure.labels, strict=True), ("Stack", STACK)]))
        expected.setdefault((figure.metric.name, where), []).extend(figure.values)
    seen = told(written(*figures))
    assert {key: sorted(values) for key, values in seen.items()} == {
        key: sorted(values) for key, values in expected.items()
    }


def test_the_longest_line_stays_below_what_a_log_event_may_be():
    labels = tuple(f"{'l' * 250}{number}" for number in range(29))
    longest = [
        Figure(
            Gauge(f"{'G' * 252}{number:03}", "Terabytes/Second", "long", labels),
            ("v" * 1024,) * 29,
            [-2.2250738585072014e-308] * 100,
        )
        for number in range(100)
    ]
    assert [len(root["_aws"]["CloudWatchMetrics"][0]["Metrics"]) for root in written(*longest)] == [50, 50]


@pytest.mark.parametrize("line", ['{"_aws":{}}', '{"_aws":{"Timestamp":1.5,"CloudWatchMetrics":[]}}', "{"])
def test_what_is_no_embedded_metric_is_not_taken_for_one(line):
    with pytest.raises((AssertionError, KeyError, ValueError)):
        documents(f"{line}\n")
