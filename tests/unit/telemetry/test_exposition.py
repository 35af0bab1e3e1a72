"""Figures as Prometheus reads them: its own parsers accept the text and find in it what was told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics_families
from prometheus_client.parser import text_string_to_metric_families as text_families

from brightspot.telemetry import METRICS, Counter, Distribution, Figures, Gauge, Sketch, exposed

ASKED = Counter("Asked", "Count", 'questions, "by" route\nand \\ status', ("route", "status"))
ROOM = Gauge("Room", "Bytes", "room left")
TOOK = Distribution("Took", "Seconds", "time taken", ("route",))
DECLARED = (ASKED, ROOM, TOOK)


def sketch(*values):
    made = Sketch()
    for each in values:
        made.add(each)
    return made


def figures():
    return Figures(
        counters={("Asked", "GET /", "200"): 3, ("Asked", 'a"b\\c\nd', "500"): 1},
        gauges={("Room",): 1.5},
        sketches={("Took", "GET /"): sketch(0.003, 0.004, 0.3, 20.0)},
    )


@pytest.mark.parametrize(
    ("parse", "openmetrics"), [(text_families, False), (openmetrics_families, True)], ids=["text", "openmetrics"]
)
class TestBothFormats:
    def samples(self, parse, openmetrics):
        families = {each.name: each for each in parse(exposed(figures(), DECLARED, openmetrics=openmetrics))}
        return families, {
            (each.name, *each.labels.values()): each.value for one in families.values() for each in one.samples
        }

    def test_types_and_help_are_told(self, parse, openmetrics):
        families, _ = self.samples(parse, openmetrics)
        assert {name: each.type for name, each in families.items()} == {
            "asked": "counter",
            "room_bytes": "gauge",
            "took_seconds": "histogram",
        }
        assert families["room_bytes"].documentation == "room left"

    def test_labels_may_hold_anything(self, parse, openmetrics):
        _, samples = self.samples(parse, openmetrics)
        assert samples["asked_total", "GET /", "200"] == 3
        assert samples["asked_total", 'a"b\\c\nd', "500"] == 1

    def test_a_distribution_is_a_histogram(self, parse, openmetrics):
        _, samples = self.samples(parse, openmetrics)
        at_most = {key[2]: value for key, value in samples.items() if key[0] == "took_seconds_bucket"}
        assert (at_most["0.0025"], at_most["0.005"], at_most["0.25"], at_most["0.5"]) == (0, 2, 2, 3)
        assert (at_most["10"] if "10" in at_most else at_most["10.0"]) == 3
        assert at_most["+Inf"] == samples["took_seconds_count", "GET /"] == 4
        assert samples["took_seconds_sum", "GET /"] == pytest.approx(20.307)


@given(st.text(), st.integers(min_value=0, max_value=2**53))
def test_any_label_value_comes_back_as_it_was(value, number):
    told = Figures(counters={("Asked", value, "200"): number})
    (family,) = text_families(exposed(told, DECLARED))
    (sample,) = family.samples
    # The format has one escape for a line feed and none for other ends of lines, at which the parser splits.
    if not {"\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"} & set(value):
        assert (sample.labels["route"], sample.value) == (value, number)


def test_a_metric_that_nobody_told_is_not_there():
    assert exposed(Figures(), DECLARED) == "\n"
    assert exposed(Figures(), DECLARED, openmetrics=True) == "# EOF\n"


def test_a_counter_without_labels_begins_at_zero_so_that_its_first_step_is_seen():
    told = {each.name: each.samples for each in text_families(exposed(Figures(), METRICS))}
    alone = {each.exposed for each in METRICS if isinstance(each, Counter) and not each.labels}
    assert {sample.name for samples in told.values() for sample in samples} == alone
    assert {sample.value for samples in told.values() for sample in samples} == {0}


def test_every_metric_has_a_name_of_its_own_that_prometheus_takes():
    names = [each.exposed for each in METRICS]
    assert len(set(names)) == len(names)
    for each in METRICS:
        assert each.exposed.endswith("_total") == isinstance(each, Counter)
        if each.unit in {"Seconds", "Bytes"}:
            assert each.unit.lower() in each.exposed
