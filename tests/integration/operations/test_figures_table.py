"""Figures over time in their table: those of all processes, kept by several at once, and an outage is told."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from brightspot.operations import probe_health
from brightspot.operations.figures_table import TableShelf
from brightspot.operations.rollups import Rollups, shared_rollups
from brightspot.store import StoreSettings, TableUnavailable
from brightspot.telemetry import Ledger

REGION = "us-east-1"
SETTINGS = StoreSettings(table_prefix="tests", region=REGION)
LATER = datetime(2027, 1, 1, tzinfo=UTC)
SERVED = ("HttpRequests", "GET /health", "200")
START = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
HOUR = int(START.timestamp()) // 3600


class Clock:
    def __init__(self):
        self.time = START

    def now(self):
        return self.time

    def monotonic(self):
        return self.time.timestamp()


@pytest.fixture
def table(made_table):
    return made_table("FiguresTable", "tests-figures")


def test_an_hour_of_several_processes_is_kept_and_read_by_another(table, valkey):
    clock = Clock()
    for number in range(3):
        each = Ledger(valkey, clock)
        each.count(SERVED, 10 + number)
        each.flush()
    clock.time += timedelta(minutes=36)  # 10:06
    assert Rollups(TableShelf(SETTINGS), Ledger(valkey, clock), clock).keep() == 1
    other = Rollups(TableShelf(SETTINGS), Ledger(valkey, clock), clock)
    assert {hour: each.counters for hour, each in other.hours(HOUR - 1, HOUR + 1).items()} == {HOUR: {SERVED: 33}}
    (row,) = table.scan(TableName="tests-figures")["Items"]
    assert (row["span"]["S"], row["version"]["N"]) == ("hour#2026-11-27T09", "1")
    assert float(row["expires_at"]["N"]) == HOUR * 3600 + 40 * 86400


def test_a_day_is_kept_when_its_last_hour_is_and_its_window_reads_it(table, valkey):
    clock = Clock()
    ledger = Ledger(valkey, clock)
    rollups = Rollups(TableShelf(SETTINGS), ledger, clock)
    for _ in range(20):
        ledger.count(SERVED, 1)
        clock.time = clock.time.replace(minute=51)
        rollups.keep()
        clock.time += timedelta(minutes=39)
    spans = {each["span"]["S"] for each in table.scan(TableName="tests-figures")["Items"]}
    assert {span for span in spans if span.startswith("day#")} == {"day#2026-11-27"}
    assert rollups.window(7 * 24 * 60).counters == {SERVED: 20}
    for hour in range(9, 24):
        table.delete_item(TableName="tests-figures", Key={"span": {"S": f"hour#2026-11-27T{hour:02}"}})
    assert rollups.window(7 * 24 * 60).counters == {SERVED: 20}


@pytest.mark.usefixtures("table")
def test_several_that_keep_the_same_hour_at_once_end_with_the_greatest_counts():
    ready, failed = threading.Barrier(3), []

    def write(number):
        shelf = TableShelf(SETTINGS)
        ready.wait()
        try:
            shelf.join("hour#x", {"all": number, f"own{number}": 1}, LATER)
        except Exception as error:  # noqa: BLE001  # told below
            failed.append(error)

    writers = [threading.Thread(target=write, args=[number]) for number in range(3)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    assert failed == []
    assert TableShelf(SETTINGS).read(["hour#x", "hour#y"]) == {"hour#x": {"all": 2, "own0": 1, "own1": 1, "own2": 1}}


def test_a_table_that_is_away_is_told(table, valkey):
    table.delete_table(TableName="tests-figures")
    with pytest.raises(TableUnavailable):
        Rollups(TableShelf(SETTINGS), Ledger(valkey, Clock()), Clock()).hours(HOUR, HOUR)


def test_a_probe_that_cannot_keep_them_says_so_and_goes_on(monkeypatch, caplog):
    def fails():
        raise TableUnavailable("away")

    monkeypatch.setattr(Rollups, "keep", lambda self: fails())
    shared_rollups.cache_clear()
    probe_health()
    assert [each.reason for each in caplog.records if each.message == "figures_not_kept"] == ["away"]
