"""The library's own use of its tables: nothing to mend, no call unrecorded, and docs/database.md says so."""

import re
from collections import Counter

import botocore.client
import botocore.session
import pytest
from moto import mock_aws

from brightspot import operations
from brightspot.store import StoreSettings
from brightspot_local.dev.intrinsics import REGION, STACK, Intrinsics
from brightspot_local.dev.template import load
from brightspot_local.paths import ROOT
from brightspot_local.services import resources
from tests.bench.dynamodb_local import NotHere, dynamodb_local
from tests.integration.operations.every_pattern import use_every_table

PAGE = ROOT / "docs" / "database.md"
_ROW = re.compile(r"\| ([^|]+) \| `([\w-]+)` \| ([^|]+) \| (\w+) \| ([^|]+) \|")
NONE = "none"
OPERATIONS = {
    "BatchGetItem", "BatchWriteItem", "DeleteItem", "DescribeTable", "GetItem", "PutItem", "Query",
    "TransactWriteItems", "UpdateItem",
}  # fmt: skip
SLACK = 0.25  # of the units: an analysis grows and shrinks with the dataset
LEAST_UNITS = 0.5


@pytest.fixture(autouse=True)
def _keys(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")


def create_tables(url=None):
    client = botocore.session.get_session().create_client("dynamodb", REGION, endpoint_url=url)
    for stack in Intrinsics(load(), {"Env": "local"}).stacks():
        resources._create_tables(stack, client)


@pytest.fixture
def calls(monkeypatch):
    """How often each operation of DynamoDB is called from here on, by any client."""
    seen, real = Counter(), botocore.client.BaseClient._make_api_call

    def spy(self, operation, request):
        if self.meta.service_model.service_name == "dynamodb":
            seen[operation] += 1
        return real(self, operation, request)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", spy)
    return seen


def used():
    """The rows of the page as they should be: by pattern, table, index and operation the units of a call, or None."""
    return {
        (each.pattern, each.table, each.index, each.operation): each.capacity and each.capacity.units_per_call
        for each in operations.database_performance().patterns
    }


def on_the_page():
    """The same as the page has them."""
    rows = _ROW.findall(PAGE.read_text().partition("<!-- patterns -->")[2].partition("<!-- /patterns -->")[0])
    return {
        (pattern, table, None if index == NONE else index.strip("`"), operation): None
        if units == NONE
        else float(units)
        for pattern, table, index, operation, units in rows
        if table != "---"
    }


def page_of(rows):
    """What the page's table should be, for whoever must renew it."""
    lines = []
    for (pattern, table, index, operation), units in rows.items():
        told = (
            pattern,
            f"`{table}`",
            f"`{index}`" if index else NONE,
            operation,
            NONE if units is None else f"{units:g}",
        )
        lines.append(f"| {' | '.join(told)} |")
    return "\n".join(lines)


def test_every_call_of_the_library_is_recorded_by_a_pattern_of_the_page_and_none_is_blamed(calls):
    with mock_aws():
        create_tables()
        calls.clear()
        use_every_table(StoreSettings(table_prefix=STACK, region=REGION))
    performance = operations.database_performance()
    assert performance.findings == []
    recorded = Counter()
    for each in performance.patterns:
        recorded[each.operation] += each.calls
    assert recorded == calls
    assert set(recorded) >= OPERATIONS
    assert set(used()) == set(on_the_page())


def test_calls_consume_what_the_page_says_by_aws_own_emulator_and_none_is_blamed():
    try:
        with dynamodb_local() as url:
            create_tables(url)
            use_every_table(StoreSettings(table_prefix=STACK, region=REGION, dynamodb_url=url, read_ms=10_000))
    except NotHere as reason:
        pytest.skip(f"DynamoDB Local cannot run here: {reason}")
    performance = operations.database_performance()
    assert performance.findings == []
    assert performance.capacity_source == "DynamoDB"
    measured, told = used(), on_the_page()
    assert measured.keys() == told.keys(), f"renew the table of docs/database.md:\n{page_of(measured)}"
    for row, units in measured.items():
        expected = None if told[row] is None else pytest.approx(told[row], rel=SLACK, abs=LEAST_UNITS)
        assert units == expected, f"{row}: renew the table of docs/database.md:\n{page_of(measured)}"
