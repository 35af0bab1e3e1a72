"""optimize_database: what is to be changed about tables is found, reckoned and told, and nothing is changed."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.operations.figures_table import TableShelf
from brightspot.operations.upkeep import database_use
from brightspot.operations.upkeep.prices import ListPrices, Units, on_demand, provisioned
from brightspot.telemetry import DATABASE_CALL_SECONDS, DATABASE_CAPACITY, DATABASE_RETURNED, DATABASE_SCANNED
from brightspot.telemetry.fields import field_of, fields_of, parts_of
from brightspot_local.dev.intrinsics import REGION
from tests.integration.operations.conftest import RESOURCES
from tests.integration.operations.upkeep.conftest import SETTINGS, counted

TASK = "optimize_database"
UNITS = st.dictionaries(
    st.integers(0, 167),
    st.builds(Units, st.floats(0, 1e8), st.floats(0, 1e8)),
    min_size=1,
)


def test_every_table_of_the_template_is_looked_at():
    names = {
        each["Properties"]["TableName"]["Fn::Sub"].removeprefix("${Name}-")
        for each in RESOURCES.values()
        if each["Type"] == "AWS::DynamoDB::Table"
    }
    assert set(database_use.TABLES) == names


def used(world, *asked, hours=1, units=2_000_000.0):
    """As when `(table, index, operation)` were asked once an hour, and read 2,000 items to give one."""
    shelf, now = TableShelf(SETTINGS), world.clock.now()
    for back in range(1, hours + 1):
        fields = {}
        for table, index, operation in asked:
            of = (table, index, operation, "a question")
            fields |= fields_of((DATABASE_CALL_SECONDS.name, *of), 0.01)
            fields |= fields_of((DATABASE_CAPACITY.name, *of), units, parts_of(DATABASE_CAPACITY))
            fields[field_of((DATABASE_SCANNED.name, *of))] = 2000
            fields[field_of((DATABASE_RETURNED.name, *of))] = 1
        at = now - timedelta(hours=back)
        shelf.join(f"hour#{at:%Y-%m-%dT%H}", fields, at + timedelta(days=40))


def proposals(run, kind):
    return [each for each in run.facts["proposals"] if each["kind"] == kind]


def test_an_index_that_nobody_asks_is_told_once_its_table_is_asked(world):
    used(world, ("analyses", "none", "GetItem"), ("analyses", "recent", "Query"))
    done = world.run(TASK)
    assert {each["evidence"]["index"] for each in proposals(done, "unused_index")} == {
        "by-place",
        "by-persona",
        "of-tenants",
    }
    assert counted(done)["tables"] == (len(database_use.TABLES), 0, 0, 0)
    assert counted(done)["changes"] == (0, 0, 0, 0)


def test_what_the_optimiser_of_queries_finds_is_proposed(world):
    used(world, ("health", "none", "Scan"))
    (found,) = proposals(world.run(TASK), "scan")
    assert (found["table"], found["evidence"]["items_scanned"]) == ("health", 2000)


def test_another_way_of_billing_is_proposed_where_it_is_worth_a_dollar(world):
    used(world, ("figures", "none", "PutItem"), hours=24)
    (found,) = proposals(world.run(TASK), "billing")
    # 2 million writes an hour are 1.25 dollars on demand, and 794 units at 0.00065 dollars otherwise.
    told = {name: Decimal(str(each)) for name, each in found["evidence"].items()}
    assert found["table"] == "figures"
    assert abs(told["on_demand"] - Decimal("912.50")) < 10
    assert abs(told["provisioned"] - Decimal("0.52") * 730) < 5
    assert "us-east-1" in world.run(TASK).facts["prices"]


def test_of_an_emulator_costs_are_not_known_and_it_says_why(world, monkeypatch):
    used(world, ("figures", "none", "PutItem"))
    monkeypatch.setenv("DYNAMODB_ENDPOINT_URL", f"https://dynamodb.{REGION}.amazonaws.com")
    done = world.run(TASK)
    assert {each["dollars_a_month"] for each in done.facts["tables"].values()} == {None}
    assert any("an emulator's" in each for each in done.notes)


def test_without_figures_nothing_is_said_about_use(world):
    done = world.run(TASK)
    assert (done.facts["hours_known"], done.facts["proposals"]) == (0, [])
    assert any("no figures" in each for each in done.notes)


def test_a_table_that_is_not_there_is_counted_and_told(world):
    world.dynamodb.delete_table(TableName="tests-audit")
    done = world.run(TASK)
    assert counted(done)["tables"] == (len(database_use.TABLES) - 1, 0, 1, 0)
    assert [each for each in done.notes if "tests-audit" in each]


def test_a_run_without_time_for_all_tables_tells_how_many_are_left(world):
    done = world.run(TASK, looks=5)
    assert counted(done)["tables"][3] == len(database_use.TABLES) - 3


def test_a_dry_run_says_the_same(world):
    used(world, ("health", "none", "Scan"))
    assert world.run(TASK, dry_run=True).facts == world.run(TASK).facts


@given(UNITS)
def test_both_ways_of_billing_grow_with_use_and_one_follows_the_list_prices(hours):
    more = {hour: Units(each.reads * 2, each.writes * 2) for hour, each in hours.items()}
    prices = ListPrices()
    assert on_demand(more, prices) >= on_demand(hours, prices)
    assert provisioned(more, prices) >= provisioned(hours, prices) >= Decimal("0.56")


@pytest.mark.parametrize(
    ("units", "by_use", "by_hour"),
    [
        (Units(0, 0), "0.00", "0.57"),  # a unit of each: 730 h of 0.00078
        (Units(0, 1_000_000), "456.25", "188.48"),  # 278 a second at 70 % are 397
        (Units(1_000_000, 0), "91.25", "38.15"),
    ],
)
def test_costs_are_those_that_one_reckons_by_hand(units, by_use, by_hour):
    hours = {0: units, 1: units}
    assert on_demand(hours, ListPrices()) == Decimal(by_use)
    assert abs(provisioned(hours, ListPrices()) - Decimal(by_hour)) < Decimal("0.6")
