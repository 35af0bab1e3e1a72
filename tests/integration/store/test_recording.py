"""No call to a table goes unrecorded, whatever becomes of it; and recording never stands in a call's way."""

import re
from pathlib import Path

import botocore.session
import pytest
from moto import mock_aws
from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

import brightspot
from brightspot import operations
from brightspot.store import StoreSettings, TableUnavailable, access_pattern, bind, fetch, insert
from brightspot.store.access import recording
from brightspot.telemetry import METRICS, shared_ledger
from tests.bench.tables import Tables

SETTINGS = StoreSettings(table_prefix="one", region="us-east-1")


class Thing(Model):
    id = UnicodeAttribute(hash_key=True)
    size = NumberAttribute(null=True)
    data = BinaryAttribute(legacy_encoding=False, null=True)


@pytest.fixture(autouse=True)
def _keys(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


@pytest.fixture
def things():
    with mock_aws():
        client = botocore.session.get_session().create_client("dynamodb", "us-east-1")
        keys = {"AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}]}
        keys["KeySchema"] = [{"AttributeName": "id", "KeyType": "HASH"}]
        client.create_table(TableName="one-things", BillingMode="PAY_PER_REQUEST", **keys)
        yield bind(Thing, "things", SETTINGS)


def told():
    return {each.pattern: each for each in operations.database_performance().patterns}


def test_a_call_is_told_with_its_table_pattern_items_size_and_time(things):
    with access_pattern("things: keep one"):
        insert(things(id="a", size=1))
    with access_pattern("things: one"):
        fetch(things, "a")
    kept, found = told()["things: keep one"], told()["things: one"]
    assert (kept.table, kept.index, kept.operation, kept.calls) == ("things", None, "PutItem", 1)
    assert (found.operation, found.items_scanned, found.items_returned) == ("GetItem", 1, 1)
    assert found.item_sizes == kept.item_sizes
    assert found.item_sizes.largest_bytes == len("id" + "a" + "size") + 2
    assert found.timing.p95_ms > 0


def test_a_condition_that_is_not_met_and_a_table_that_is_not_there_are_told_as_refusals(things):
    with access_pattern("things: keep one"):
        assert insert(things(id="a"))
        assert not insert(things(id="a"))
    absent = bind(Thing, "absent", SETTINGS)
    with access_pattern("absent: one"), pytest.raises(TableUnavailable):
        fetch(absent, "a")
    assert told()["things: keep one"].refusals == {"ConditionalCheckFailedException": 1}
    assert told()["absent: one"].refusals == {"ResourceNotFoundException": 1}


def test_a_call_that_nobody_answers_is_told_too():
    nowhere = bind(Thing, "nowhere", StoreSettings(table_prefix="one", dynamodb_url="http://127.0.0.1:1"))
    with access_pattern("nowhere: one"), pytest.raises(TableUnavailable):
        fetch(nowhere, "a")
    assert (told()["nowhere: one"].calls, told()["nowhere: one"].refusals) == (1, {"NoAnswer": 1})


def test_what_an_emulator_says_of_capacity_is_not_told(monkeypatch):
    with Tables(b'{"Item": {"id": {"S": "a"}}, "ConsumedCapacity": {"CapacityUnits": 7.0}}') as server:
        monkeypatch.setenv("TABLE_PREFIX", "one")
        monkeypatch.setenv("DYNAMODB_ENDPOINT_URL", server.url)
        with access_pattern("things: one"):
            fetch(bind(Thing, "things", StoreSettings(table_prefix="one", dynamodb_url=server.url)), "a")
    performance = operations.database_performance()
    assert performance.patterns[0].capacity is None
    assert performance.capacity_source is None
    assert performance.capacity_missing == "the tables are an emulator's, which invents what calls consume"


def test_what_cannot_be_recorded_is_logged_and_done_all_the_same(things, monkeypatch, caplog):
    def broken(*_):
        raise ValueError("a shape that nobody knew")

    monkeypatch.setattr(recording, "answered", broken)
    assert insert(things(id="a"))
    assert [each.message for each in caplog.records] == ["database_call_unrecorded"]


def test_nothing_is_recorded_where_nothing_is_to_be_measured(things, monkeypatch):
    monkeypatch.setattr(recording, "monitoring_enabled", lambda: False)
    assert insert(things(id="a"))
    assert told() == {}


def test_names_that_code_makes_up_as_it_goes_are_told_together_beyond_a_bound(things, monkeypatch):
    monkeypatch.setattr(recording, "_MOST_SERIES", 3)
    for number in range(5):
        with access_pattern(f"made up {number}"):
            fetch(things, "a")
    assert {name: each.calls for name, each in told().items()} == {
        "made up 0": 1, "made up 1": 1, "made up 2": 1, "others": 2,
    }  # fmt: skip


def test_slow_calls_are_listed_with_what_they_read_the_last_one_first(things, monkeypatch):
    monkeypatch.setattr(recording, "SLOW_QUERY_MS", 0)
    insert(things(id="a"))
    for name in ("things: one", "things: again"):
        with access_pattern(name):
            fetch(things, "a")
    last, before, _ = operations.database_performance().slow
    assert (last.pattern, before.pattern) == ("things: again", "things: one")
    assert (last.table, last.index, last.operation, last.items_returned) == ("things", None, "GetItem", 1)
    assert last.milliseconds > 0
    assert last.request_id is None


def test_no_key_of_any_row_gets_into_the_figures(things):
    for _ in range(120):
        fetch(things, "12 Secret Street, Rochester")
    figures = shared_ledger().totals(METRICS)
    assert any("hot_key" in series for series in figures.counters)
    assert "Secret" not in repr(figures)


def test_the_library_makes_its_tables_at_one_place_alone():
    """The table of tasks asks through the client of a model that was made there."""
    sources = Path(brightspot.__file__).parent.rglob("*.py")
    found = {
        each.name
        for each in sources
        if re.search(r"create_client\(\s*\"dynamodb|_get_connection\(\)\.connection\.client", each.read_text())
    }
    assert found == {"tables.py", "table.py"}
    assert (
        "bind(TaskItem, AGGREGATE, settings)"
        in Path(brightspot.__file__).with_name("tasks").joinpath("table.py").read_text()
    )
