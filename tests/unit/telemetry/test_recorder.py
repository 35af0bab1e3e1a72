"""Recording figures and writing them."""

import io
import math
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from brightspot.telemetry import (
    CACHE_HITS,
    CACHE_MISSES,
    DATABASE_ERRORS,
    HEALTHY,
    configure_metrics,
    count,
    flush_metrics,
    gauge,
)
from brightspot.telemetry.place import this_function
from brightspot.telemetry.recorder import Recorder
from tests.emf_spec import documents, told


@pytest.fixture(autouse=True)
def _off_again():
    yield
    configure_metrics()


@pytest.fixture
def stream(monkeypatch):
    monkeypatch.setenv("METRICS_STACK", "brightspot-test")
    written = io.StringIO()
    configure_metrics(written)
    monkeypatch.delenv("METRICS_STACK")
    return written


def test_the_figures_of_an_invocation_are_one_line(stream):
    count(CACHE_HITS, 0, cache="analysis")
    count(CACHE_MISSES, cache="analysis")
    count(DATABASE_ERRORS)
    gauge(HEALTHY, 1)
    assert stream.getvalue() == ""
    flush_metrics()
    (root,) = documents(stream.getvalue())
    assert root["Stack"] == "brightspot-test"
    figures = {name: root[name] for name in ("CacheHits", "CacheMisses", "DatabaseErrors", "Healthy")}
    assert figures == {"CacheHits": [0], "CacheMisses": [1], "DatabaseErrors": [1], "Healthy": [1]}


def test_a_counter_adds_up_and_a_gauge_keeps_each_reading(stream):
    for value in (1, 0, 1):
        count(DATABASE_ERRORS, value + 1)
        gauge(HEALTHY, value)
    flush_metrics()
    (root,) = documents(stream.getvalue())
    assert (root["DatabaseErrors"], root["Healthy"]) == ([5], [1, 0, 1])


def test_the_next_invocation_starts_empty(stream):
    count(DATABASE_ERRORS)
    flush_metrics()
    flush_metrics()
    count(DATABASE_ERRORS)
    flush_metrics()
    assert [root["DatabaseErrors"] for root in documents(stream.getvalue())] == [[1], [1]]


def test_an_invocation_without_figures_writes_nothing(stream):
    flush_metrics()
    assert stream.getvalue() == ""


def test_an_instance_tells_of_its_cold_start_once_with_its_first_figures(monkeypatch):
    monkeypatch.setenv("METRICS_STACK", "brightspot")
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "brightspot-analyze")
    this_function.cache_clear()
    stream = io.StringIO()
    configure_metrics(stream)
    try:
        count(DATABASE_ERRORS)
        flush_metrics()
        count(DATABASE_ERRORS)
        flush_metrics()
    finally:
        monkeypatch.undo()
        this_function.cache_clear()
        configure_metrics()
    first, second = documents(stream.getvalue())
    of_stack = ("Stack", "brightspot")
    assert told([first]) == {
        ("ColdStarts", (("Function", "brightspot-analyze"), of_stack)): [1],
        ("DatabaseErrors", (of_stack,)): [1],
    }
    assert told([second]) == {("DatabaseErrors", (of_stack,)): [1]}


def test_without_the_setting_nothing_is_written(monkeypatch, capsys):
    monkeypatch.setenv("METRICS_STACK", " ")
    configure_metrics()
    count(DATABASE_ERRORS)
    gauge(HEALTHY, 1)
    flush_metrics()
    assert capsys.readouterr().out == ""


def test_nothing_is_written_before_an_entry_asked_for_it(monkeypatch):
    code = "from brightspot.telemetry import *; count(DATABASE_ERRORS); flush_metrics()"
    monkeypatch.setenv("METRICS_STACK", "brightspot-test")
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout == b""


def test_it_goes_to_what_is_stdout_when_it_is_written(monkeypatch, capsys):
    monkeypatch.setenv("METRICS_STACK", "brightspot-test")
    configure_metrics()
    count(DATABASE_ERRORS)
    flush_metrics()
    assert len(documents(capsys.readouterr().out)) == 1


def test_it_is_told_by_the_clock_in_milliseconds(clock):
    stream = io.StringIO()
    recorder = Recorder("brightspot-test", clock, stream)
    clock.advance(seconds=0.25)
    recorder.add(DATABASE_ERRORS, (), 1)
    recorder.flush()
    (root,) = documents(stream.getvalue())
    assert root["_aws"]["Timestamp"] == 1_767_225_600_250


class Slow(float):
    """A number that lets other threads go on while it is being added."""

    def __radd__(self, other):
        time.sleep(0.0005)
        return float(self) + other


def test_threads_lose_no_figure_though_others_record_and_write_meanwhile(stream):
    def work(number):
        for _ in range(50):
            count(CACHE_HITS, Slow(1), cache="analysis" if number % 2 else "geocode")
            gauge(HEALTHY, number)

    with ThreadPoolExecutor(4) as pool:
        under_way = [pool.submit(work, number) for number in range(4)]
        while not all(each.done() for each in under_way):
            time.sleep(0.0002)
            flush_metrics()
    flush_metrics()
    roots = documents(stream.getvalue())
    for cache in ("analysis", "geocode"):
        assert sum(sum(root.get("CacheHits", [])) for root in roots if root.get("Cache") == cache) == 100
    assert sorted(value for root in roots for value in root.get("Healthy", [])) == sorted([*range(4)] * 50)


@pytest.mark.parametrize("labels", [{}, {"other": "analysis"}, {"cache": ""}, {"cache": "analysis", "more": "x"}])
@pytest.mark.usefixtures("stream")
def test_a_figure_without_its_labels_is_a_defect(labels):
    with pytest.raises(ValueError, match="CacheHits is told with a value for each"):
        count(CACHE_HITS, **labels)


def test_it_is_one_without_the_setting_too():
    with pytest.raises(ValueError, match="DatabaseErrors is told with"):
        count(DATABASE_ERRORS, cache="analysis")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match="Healthy cannot be"):
        gauge(HEALTHY, value)
    with pytest.raises(ValueError, match="DatabaseErrors cannot"):
        count(DATABASE_ERRORS, value)


def test_a_counter_does_not_go_down():
    with pytest.raises(ValueError, match="cannot go down by 1"):
        count(DATABASE_ERRORS, -1)
