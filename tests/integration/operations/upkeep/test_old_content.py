"""cleanup_old_content: analyses, reports, uploads and results that are older than they are kept."""

from datetime import UTC, datetime, timedelta

import pytest

from brightspot import locations
from brightspot.core.ids import new_id
from brightspot.locations.past.dynamo import DynamoHistory
from brightspot.locations.past.shapes import record_of
from brightspot.locations.past.table import row_of
from brightspot.store import BucketUnavailable
from tests.integration.operations.upkeep.conftest import SETTINGS, counted

TASK = "cleanup_old_content"
DAYS = {"uploads": (2, "jobs"), "results": (30, "jobs"), "reports": (400, "reports"), "report_keys": (1, "reports")}
PREFIXES = {"uploads": "uploads/", "results": "results/", "reports": "json/", "report_keys": "tries/"}


@pytest.fixture(scope="module")
def an_analysis():
    return locations.service().analyze(locations.AnalyzeRequest("Rochester, MN 55901"))


@pytest.fixture
def analyses(world, an_analysis):
    """Forty analyses, a day apart, of which half are older than 90 days."""
    history = DynamoHistory(SETTINGS, world.clock, retention_days=90, queue_url="")
    with history._table.batch_write() as batch:
        for number in range(40):
            at = world.clock.now() - timedelta(days=70 + number, hours=12)
            made = {**{name: getattr(an_analysis, name) for name in an_analysis.__struct_fields__}, "id": new_id(at)}
            batch.save(row_of(history._table, record_of(type(an_analysis)(**made), "ROCHESTER, MN 55901")))


def now(world):
    """Objects in moto are of the machine's own now."""
    world.clock.advance(seconds=(datetime.now(UTC) - world.clock.now()).total_seconds() + 60)


def put(world, what, number):
    for each in range(number):
        name = f"{PREFIXES[what]}{each:04}"
        world.s3.put_object(Bucket=f"tests-{DAYS[what][1]}", Key=name, Body=b"{}")


def test_analyses_of_over_ninety_days_go(world, analyses):
    dry = world.run(TASK, dry_run=True)
    assert len(world.rows("analyses")) == 40
    done = world.run(TASK)
    assert counted(dry)["analyses"] == counted(done)["analyses"] == (20, 20, 0, 0)
    assert len(world.rows("analyses")) == 20
    assert counted(world.run(TASK))["analyses"] == (0, 0, 0, 0)


@pytest.mark.parametrize("what", DAYS)
def test_an_object_goes_when_its_time_is_over_and_not_before(world, what):
    now(world)
    put(world, what, 3)
    world.s3.put_object(Bucket=f"tests-{DAYS[what][1]}", Key="other/thing", Body=b"{}")
    days, bucket = DAYS[what]
    world.clock.advance(seconds=days * 86_400 - 3600)
    assert counted(world.run(TASK))[what] == (3, 0, 0, 0)
    world.clock.advance(seconds=2 * 3600)
    dry = world.run(TASK, dry_run=True)
    assert len(world.keys(bucket)) == 4
    done = world.run(TASK)
    assert counted(dry)[what] == counted(done)[what] == (3, 3, 0, 0)
    assert world.keys(bucket) == {"other/thing"}
    assert counted(world.run(TASK))[what] == (0, 0, 0, 0)


def test_a_report_goes_in_both_forms(world):
    now(world)
    for form in ("json", "html"):
        world.s3.put_object(Bucket="tests-reports", Key=f"{form}/2025-01-01T00-024h.{form}", Body=b"{}")
    world.clock.advance(seconds=401 * 86_400)
    done = counted(world.run(TASK))
    assert (done["reports"][1], done["report_pages"][1]) == (1, 1)
    assert world.keys("reports") == set()


def test_more_than_a_page_is_gone_on_with_where_the_deadline_came(world):
    now(world)
    put(world, "uploads", 1005)
    world.clock.advance(seconds=3 * 86_400)
    runs = [world.run(TASK, looks=3)]
    while runs[-1].outcome == "stopped":
        runs.append(world.run(TASK, looks=3))
    told = [counted(each)["uploads"] for each in runs if counted(each).get("uploads", (0,))[0]]
    assert told == [(1000, 1000, 0, None), (5, 5, 0, None)]
    assert [each.position for each in runs if each.position == "uploads:uploads/0999"]
    assert world.keys("jobs") == set()


def test_without_a_bucket_of_jobs_there_is_nothing_to_do_and_it_says_so(world, monkeypatch):
    monkeypatch.delenv("JOBS_BUCKET")
    done = world.run(TASK)
    assert done.outcome == "done"
    assert [each for each in done.notes if each.startswith("uploads: there is no bucket")]


def test_a_bucket_that_is_away_fails_the_run(world):
    world.s3.delete_bucket(Bucket="tests-jobs")
    with pytest.raises(BucketUnavailable, match="tests-jobs"):
        world.run(TASK)
