"""What a call asked, how large its items were, whose question it was, and whether that was asked too often."""

import threading
from types import SimpleNamespace

import pytest

from brightspot.store import access_pattern
from brightspot.store.access.call import TableKeys, answered, asked, units_of
from brightspot.store.access.hot_keys import HOT_CALLS, HotKeys
from brightspot.store.access.item_size import item_bytes
from brightspot.store.access.pattern import current_pattern
from brightspot.store.access.repeats import Repeats
from brightspot.telemetry import request_context

TABLE = TableKeys("orders", {"": ["id"], "by-customer": ["customer", "at"]})
KEY, OTHER = {"id": {"S": "a"}}, {"id": {"S": "b"}}
BY_CUSTOMER = {
    "IndexName": "by-customer",
    "KeyConditionExpression": "#0 = :0 AND #1 > :1",
    "FilterExpression": "(#2 = :2 AND #0 <> :0)",
    "ExpressionAttributeNames": {"#0": "customer", "#1": "at", "#2": "state"},
    "ExpressionAttributeValues": {":0": {"S": "ada"}, ":1": {"N": "1"}, ":2": {"S": "open"}},
}


@pytest.mark.parametrize(
    ("operation", "parameters", "keys"),
    [
        ("GetItem", {"Key": KEY}, ["a"]),
        ("PutItem", {"Item": {**KEY, "n": {"N": "1"}}}, ["a"]),
        ("BatchGetItem", {"RequestItems": {"t": {"Keys": [KEY, OTHER]}}}, ["a", "b"]),
        (
            "BatchWriteItem",
            {"RequestItems": {"t": [{"PutRequest": {"Item": KEY}}, {"DeleteRequest": {"Key": OTHER}}]}},
            ["a", "b"],
        ),
        ("TransactWriteItems", {"TransactItems": [{"Put": {"Item": KEY}}, {"Update": {"Key": OTHER}}]}, ["a", "b"]),
        ("Query", BY_CUSTOMER, ["ada"]),
        ("Scan", {}, []),
        ("DescribeTable", {"TableName": "t"}, []),
    ],
)
def test_the_partition_keys_of_every_kind_of_call_are_found(operation, parameters, keys):
    found = asked(operation, parameters, TABLE)
    assert found.keys == [str({"S": each}) for each in keys]


def test_what_a_query_filters_by_and_which_index_has_that_is_found():
    found = asked("Query", BY_CUSTOMER, TABLE)
    assert (found.index, found.filters) == ("by-customer", ["customer", "state"])
    assert (TABLE.index_of("customer"), TABLE.index_of("at"), TABLE.index_of("id")) == ("by-customer", None, None)


def test_a_page_after_the_first_is_no_question_of_its_own():
    assert asked("Query", BY_CUSTOMER, TABLE).question is not None
    assert asked("Query", {**BY_CUSTOMER, "ExclusiveStartKey": KEY}, TABLE).question is None
    assert asked("PutItem", {"Item": KEY}, TABLE).question is None


def test_units_of_a_batch_are_those_of_all_its_tables_and_without_indexes_those_of_the_tables():
    two = [{"CapacityUnits": 5.0, "Table": {"CapacityUnits": 1.0}}, {"CapacityUnits": 2.0}]
    told = answered(asked("BatchWriteItem", {}, TABLE), {"ConsumedCapacity": two})
    assert (told.units, told.units_of_table) == (7.0, 3.0)
    nothing = answered(asked("Query", {}, TABLE), {"Count": 2, "ScannedCount": 9, "Items": [KEY, OTHER]})
    assert (nothing.units, nothing.scanned, nothing.returned, nothing.largest) == (None, 9, 2, 3)


def test_a_unit_is_for_four_kilobytes_read_and_for_one_written():
    assert [units_of("GetItem", each) for each in (1, 4096, 4097)] == [1, 1, 2]
    assert [units_of("PutItem", each) for each in (1, 1024, 1025)] == [1, 1, 2]


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "é"}, 2),
        ({"B": b"123"}, 3),
        ({"N": "27"}, 2),
        ({"N": "-27"}, 2),
        ({"N": "1000"}, 2),
        ({"N": "461.99"}, 4),
        ({"N": "0"}, 1),
        ({"BOOL": True}, 1),
        ({"NULL": True}, 1),
        ({"SS": ["a", "bc"]}, 3),
        ({"NS": ["1", "27"]}, 4),
        ({"BS": [b"a", b"bc"]}, 3),
        ({"L": [{"S": "a"}, {"S": "b"}]}, 3 + 2 * 2),
        ({"M": {"k": {"S": "v"}}}, 3 + 1 + 1 + 1),
    ],
)
def test_an_item_is_as_large_as_dynamodb_counts_it(value, size):
    assert item_bytes({"ab": value}) == 2 + size


def test_the_innermost_name_counts_and_the_one_outside_of_it_after_it():
    with access_pattern("outer", fan_out=8):
        with access_pattern("inner"):
            assert (current_pattern().name, current_pattern().fan_out) == ("inner", 1)
        assert (current_pattern().name, current_pattern().fan_out) == ("outer", 8)


def test_code_that_names_no_pattern_is_told_by_the_function_that_asks():
    def fetches():
        return current_pattern().name

    assert fetches().endswith("test_code_that_names_no_pattern_is_told_by_the_function_that_asks.<locals>.fetches")


def test_a_generator_that_is_ended_on_another_thread_takes_its_name_along():
    def rows():
        with access_pattern("rows"):
            yield current_pattern().name

    reading = rows()
    assert next(reading) == "rows"
    ending = threading.Thread(target=reading.close)
    ending.start()
    ending.join()
    reading.close()


def test_different_questions_of_one_request_are_counted_and_the_same_one_once():
    repeats = Repeats()
    with request_context("one"):
        assert [repeats.note("p", each) for each in (1, 2, 2, 1, 3)] == [1, 2, 0, 0, 3]
        assert repeats.note("another", 1) == 1
    assert repeats.note("p", 4) == 0


def test_messages_of_one_batch_which_have_its_id_in_common_are_requests_of_their_own():
    repeats = Repeats()
    for _ in range(100):
        with request_context("the batch's id"):
            assert repeats.note("p", 1) == 1


def test_a_key_is_hot_when_it_takes_many_calls_of_a_minute_and_much_of_all(clock):
    keys = HotKeys(clock)
    assert not any(keys.note("t", "hot") for _ in range(HOT_CALLS - 1))
    first, second = keys.note("t", "hot"), keys.note("t", "hot")
    assert (first.calls, first.share, first.first, second.first) == (HOT_CALLS, 1.0, True, False)
    clock.advance(seconds=60)
    assert keys.note("t", "hot") is None


def test_keys_that_calls_are_spread_over_are_not_hot(clock):
    keys = HotKeys(clock)
    assert not any(keys.note("t", f"recent#{number % 8}") for number in range(4000))
    assert not any(keys.note("t", number) for number in range(4000))


def test_spans_do_not_part_a_request(monkeypatch):
    spans = iter(f"00-{'a' * 32}-{number:016x}-01" for number in range(1, 9))
    monkeypatch.setattr("brightspot.telemetry.context.active_span", lambda: SimpleNamespace(traceparent=next(spans)))
    repeats = Repeats()
    with request_context("one-request"):
        assert [repeats.note("orders: one", question) for question in range(3)] == [1, 2, 3]
