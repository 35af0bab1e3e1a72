"""Health over time in its table: what is kept is read back, two probes at once lose nothing, an outage is told."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from brightspot.operations.health_history import HealthLog, HealthPoint
from brightspot.operations.health_table import TableShelves
from brightspot.store import StoreSettings, TableUnavailable
from tests.unit.operations.test_health_history import START, Clock, probed

REGION = "us-east-1"
SETTINGS = StoreSettings(table_prefix="tests", region=REGION)
LATER = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
def table(made_table):
    return made_table("HealthTable", "tests-health")


def point(second):
    return HealthPoint(START + timedelta(seconds=second), "healthy", 1.0, 1, [], {"cache": 1.5})


def test_it_keeps_what_a_process_would_remember(table):
    clock = Clock()
    log = HealthLog(TableShelves(SETTINGS), clock)
    probed(log, clock, 65, lambda minute: ("cache",) if minute == 3 else ())
    again = HealthLog(TableShelves(SETTINGS), clock)
    fine, coarse = again.history(2), again.history(48)
    assert (len(fine.points), fine.components["cache"]) == (65, round(64 / 65, 6))
    assert [(each.status, each.checks) for each in coarse.points] == [("degraded", 60)]
    rows = {each["shelf"]["S"]: each for each in table.scan(TableName="tests-health")["Items"]}
    assert set(rows) == {"minutes#2026-11-27T00", "minutes#2026-11-27T01", "hours#2026-11-27"}
    assert len(rows["minutes#2026-11-27T00"]["points"]["B"]) < 2000  # compressed: an item is billed by the kilobyte
    day_later = (START + timedelta(hours=25)).timestamp()
    assert day_later < float(rows["minutes#2026-11-27T00"]["expires_at"]["N"]) < day_later + 2 * 3600


@pytest.mark.usefixtures("table")
def test_several_that_append_at_once_lose_nothing():
    ready, failed = threading.Barrier(3), []

    def write(number):
        shelves = TableShelves(SETTINGS)
        ready.wait()
        try:
            shelves.append("minutes#x", point(number), LATER)
        except Exception as error:  # noqa: BLE001  # told below
            failed.append(error)

    writers = [threading.Thread(target=write, args=[number]) for number in range(3)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    assert failed == []
    assert sorted(each.at for each in TableShelves(SETTINGS).read(["minutes#x"])) == [point(n).at for n in range(3)]


def test_a_table_that_is_away_is_told(table):
    table.delete_table(TableName="tests-health")
    with pytest.raises(TableUnavailable):
        HealthLog(TableShelves(SETTINGS), Clock()).history(1)
