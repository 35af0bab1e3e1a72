"""generate_analytics_report: the report on the day before, kept once however often it is made."""

import pytest
from backports import zstd

from brightspot.operations.reports.wiring import report_service
from tests.integration.operations.upkeep.conftest import counted

TASK = "generate_analytics_report"


@pytest.fixture(autouse=True)
def _ten_past_one(world):
    """As its schedule has it: by then the last hour of the day before is known."""
    world.clock.advance(seconds=70 * 60)


def test_the_report_on_the_day_before_is_kept_in_both_forms_and_told(world):
    board = {"id": {"S": "board"}, "board": {"B": zstd.compress(b'{"first": ["webhook"]}')}, "version": {"N": "1"}}
    world.dynamodb.put_item(TableName="tests-alerts", Item=board | {"expires_at": {"N": "9999999999"}})
    done = world.run(TASK)
    assert done.facts == {"report": "2025-12-31T00-024h", "known_hours": 0}
    assert world.keys("reports") == {f"{form}/2025-12-31T00-024h.{form}" for form in ("json", "html")}
    (board,) = world.rows("alerts")
    assert b"Report 2025-12-31T00-024h" in zstd.decompress(board["board"]["B"])  # where its message waits to be sent
    assert report_service().read("2025-12-31T00-024h", "json").body


def test_made_again_it_takes_its_own_place(world):
    world.run(TASK)
    world.run(TASK)
    assert len(world.keys("reports")) == 2


def test_a_dry_run_says_which_it_would_make_and_makes_none(world):
    dry = world.run(TASK, dry_run=True)
    assert world.keys("reports") == set()
    assert (dry.facts["report"], counted(dry)) == ("2025-12-31T00-024h", counted(world.run(TASK)))
