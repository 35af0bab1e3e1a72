"""Mass runs: the real definition over a real CSV file and the function's own handler."""

import json
from itertools import cycle, islice

import pytest

from brightspot.locations import AnalyzeRequest, history, service
from brightspot.store import BucketUnavailable
from tests.integration.mass.conftest import BUCKET, KEY
from tests.integration.mass.machine import StateFailed, csv_items

CITIES = ["Rochester, MN 55901", "New York, NY 10001", "Chicago, IL 60601", "Seattle, WA 98101", "Denver, CO 80202"]
QUOTED = '"{}"'


def sheet(rows, header="id,address,note"):
    return "\r\n".join([header, *(f"{n},{QUOTED.format(each)},private" for n, each in enumerate(rows))]) + "\r\n"


def summary(s3, run="run-1"):
    return json.loads(s3.get_object(Bucket=BUCKET, Key=f"out/{run}/summary.json")["Body"].read())


def test_each_row_of_the_file_has_a_line_in_the_result_of_its_batch(machine, s3, put, lines):
    rows = [*islice(cycle(CITIES), 23), "nowhere at all", ""]
    put(sheet(rows))
    told = machine.execute("run-1", {"key": KEY, "rows_per_batch": 10})
    keys = [each.output["key"] for each in machine.children]
    assert keys == [f"out/run-1/rows/{first:09}.jsonl.gz" for first in (0, 10, 20)]
    found = [line for key in keys for line in lines(key)]
    assert [line["row"] for line in found] == list(range(25))
    assert [line["address"] for line in found] == rows
    assert ["error" in line for line in found] == [False] * 23 + [True] * 2
    assert {name: told[name] for name in ("rows", "scored", "refused", "unanswered", "batches", "failed_batches")} == {
        "rows": 25, "scored": 23, "refused": 2, "unanswered": 0, "batches": 3, "failed_batches": 0,
    }  # fmt: skip
    assert (told["failed_share"], told["incomplete"], told["objects"]) == (0.08, 0, 3)
    assert summary(s3) == told


def test_a_line_says_what_an_analysis_of_the_address_says(machine, put, lines):
    put(sheet(CITIES))
    machine.execute("run-1", {"key": KEY, "persona": "parent", "radius_miles": 5})
    for line in lines("out/run-1/rows/000000000.jsonl.gz"):
        analysis = service().analyze(AnalyzeRequest(line["address"], 5, "parent"), recorded=False)
        assert line["overall_score"] == pytest.approx(analysis.overall_score)
        assert line["safety"] == pytest.approx(analysis.categories["safety"].score)
        assert (line["zip"], line["confidence"]) == (analysis.location.zip, analysis.confidence)
        assert line["lacks"] == []


def test_the_whole_analysis_is_kept_where_the_run_asks_for_it(machine, put, lines):
    put(sheet(CITIES[:1]))
    machine.execute("run-1", {"key": KEY, "detail": "whole", "weights": {"safety": 1.0}})
    (line,) = lines("out/run-1/rows/000000000.jsonl.gz")
    assert (line["row"], line["status"], line["persona"]) == (0, "completed", "custom")
    assert line["categories"]["safety"]["points"]


def test_columns_beside_the_address_reach_neither_the_function_nor_the_results(machine, s3, put):
    put(sheet(CITIES))
    machine.execute("run-1", {"key": KEY})
    assert "private" not in json.dumps([each.given for each in machine.children])
    keys = [each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET, Prefix="out/")["Contents"]]
    assert not [key for key in keys if b"private" in s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()]


def test_a_batch_done_twice_is_one_object_with_the_same_rows(machine, handler, s3, put, lines):
    put(sheet(CITIES))
    machine.execute("run-1", {"key": KEY})
    (child,) = machine.children
    before = lines(child.output["key"])
    assert handler(child.given, None) == child.output
    assert lines(child.output["key"]) == before
    listed = s3.list_objects_v2(Bucket=BUCKET, Prefix="out/run-1/rows/")["Contents"]
    assert [each["Key"] for each in listed] == [child.output["key"]]


def test_nothing_is_recorded_unless_the_run_asks_for_it_and_then_once(machine, handler, put):
    put(sheet(CITIES[:3]))
    machine.execute("run-1", {"key": KEY})
    assert history().count() == 0
    machine.children.clear()
    machine.execute("run-2", {"key": KEY, "record": True})
    assert history().count() == 3
    handler(machine.children[0].given, None)
    assert history().count() == 3


def test_what_the_input_leaves_out_goes_by_the_stacks_settings_and_what_it_says_by_itself(machine, monkeypatch, put):
    monkeypatch.setenv("BULK_MAX_CONCURRENCY", "70")
    put(sheet(CITIES))
    machine.execute("run-1", {"key": KEY})
    assert machine.at_once == 70
    machine.execute("run-2", {"key": KEY, "at_once": 7})
    assert machine.at_once == 7


@pytest.mark.parametrize(
    ("asked", "error", "cause"),
    [
        ({"key": "out/else.csv"}, "RunRefused", "below in/"),
        ({"key": "in/missing.csv"}, "RunRefused", "there is no object 'in/missing.csv'"),
        ({"key": KEY, "persona": "nobody"}, "RequestRefused", "unknown; send one of business"),
        ({"key": KEY, "weights": {"luck": 1}}, "RequestRefused", "no category"),
        ({"key": KEY, "radius_miles": 100}, "RequestRefused", "0.5 to 25 miles"),
        ({"key": KEY, "rows_per_batch": 0}, "RunRefused", "1 to 1,000 rows"),
        ({"key": KEY, "at_once": 20_000}, "RunRefused", "1 to 10,000 batches"),
        ({"key": KEY, "tolerated_failure_percentage": 101}, "RunRefused", "0 to 100 percent"),
        ({"key": KEY, "mail": "me"}, "ValidationError", "unknown field `mail`"),
        ({}, "ValidationError", "missing required field `key`"),
    ],
)
def test_a_run_that_cannot_be_done_ends_before_its_first_batch(machine, put, asked, error, cause):
    put(sheet(CITIES))
    with pytest.raises(StateFailed) as failed:
        machine.execute("run-1", asked)
    assert (failed.value.error, machine.children, machine.waits) == (error, [], [])
    assert cause in failed.value.cause


@pytest.mark.parametrize(
    ("text", "found"),
    [("street,city\nMain St,Rochester\n", "'street', 'city'"), ("", "none"), ("\ufeffaddress\nx\n", "ufeff")],
)
def test_a_file_without_a_column_of_addresses_is_refused_with_the_columns_it_has(machine, put, text, found):
    put(text)
    with pytest.raises(StateFailed, match="needs a header with a column 'address'") as failed:
        machine.execute("run-1", {"key": KEY})
    assert found in failed.value.cause


def test_a_file_without_rows_is_a_run_without_a_share(machine, put):
    put("address\n")
    told = machine.execute("run-1", {"key": KEY})
    assert (told["rows"], told["batches"], told["failed_share"]) == (0, 0, None)


def test_long_addresses_make_batches_of_fewer_rows(machine, put):
    put(sheet(["x" * 90_000] * 5))
    told = machine.execute("run-1", {"key": KEY})
    assert [len(each.given["Items"]) for each in machine.children] == [2, 2, 1]
    assert (told["refused"], told["failed_share"]) == (5, 1.0)


def failing(machine, *rows, times=1000, error=None):
    """The function fails the batches that begin with these rows, this many times."""
    inner, left = machine.call, dict.fromkeys(rows, times)

    def call(event):
        first = event["Items"][0]["row"] if "Items" in event else None
        if left.get(first, 0) > 0:
            left[first] -= 1
            raise error or BucketUnavailable("SlowDown")
        return inner(event)

    machine.call = call


def test_a_throttled_batch_is_tried_again_and_leaves_no_trace(machine, put):
    put(sheet(CITIES))
    failing(machine, 0, times=6, error=StateFailed("Lambda.TooManyRequestsException", "Rate Exceeded."))
    told = machine.execute("run-1", {"key": KEY})
    assert (told["scored"], told["failed_batches"], len(machine.waits)) == (5, 0, 6)


def test_batches_that_fail_are_told_when_they_are_few(machine, put):
    put(sheet(islice(cycle(CITIES), 40)))
    failing(machine, 10)
    told = machine.execute("run-1", {"key": KEY, "rows_per_batch": 10, "tolerated_failure_percentage": 25})
    assert (told["scored"], told["unanswered"], told["batches"], told["failed_batches"]) == (30, 10, 4, 1)
    assert told["objects"] == 3
    assert told["failed_share"] == 0.25


def test_a_run_with_too_many_failures_fails_and_a_redrive_does_what_is_missing(machine, put, lines):
    put(sheet(islice(cycle(CITIES), 40)))
    asked = {"key": KEY, "rows_per_batch": 10, "tolerated_failure_percentage": 5}
    failing(machine, 10, times=7)
    with pytest.raises(StateFailed, match="ExceedToleratedFailureThreshold"):
        machine.execute("run-1", asked)
    called = []
    inner = machine.call
    machine.call = lambda event: (called.append(event), inner(event))[1]
    told = machine.redrive("run-1", asked)
    assert [event["Items"][0]["row"] for event in called if "Items" in event] == [10]
    assert (told["scored"], told["failed_batches"]) == (40, 0)
    rows = [line["row"] for first in (0, 10, 20, 30) for line in lines(f"out/run-1/rows/{first:09}.jsonl.gz")]
    assert rows == list(range(40))


def test_rows_of_csv_are_read_as_documented():
    text = 'address,note\n"Rochester, MN 55901","a ""quoted""\nline"\nonly\na,b,c\n'
    assert csv_items(text) == [
        {"address": "Rochester, MN 55901", "note": 'a "quoted"\nline'},
        {"address": "only", "note": ""},
        {"address": "a", "note": "b"},
    ]


def test_a_batch_that_the_manifest_tells_of_twice_counts_once(machine, s3, put):
    put(sheet(CITIES))
    machine.execute("run-1", {"key": KEY})
    machine.children.append(machine.children[0])
    told = machine.redrive("run-1", {"key": KEY})
    assert (told["rows"], told["batches"], told["objects"]) == (5, 1, 1)
