"""What a page reads of the table: the same however many rows there are (docs/history.md has 1,000 to 100,000)."""

from datetime import timedelta

import pytest

from brightspot.locations.past import paging
from brightspot.locations.past.table import SHARDS
from tests.integration.history.conftest import PLACE, START, put_all

FEW, MANY = 60, 600
MOST_READ = 40
LIMIT = 10


@pytest.fixture(autouse=True)
def _short_reach(monkeypatch):
    """The most that a page reads, lowered, so that small tables have more."""
    monkeypatch.setattr(paging, "MOST_READ", MOST_READ)


QUESTIONS = {
    "the newest": lambda history, cursor: history.recent(LIMIT, cursor=cursor),
    "the newest of a persona": lambda history, cursor: history.recent(LIMIT, "business", cursor=cursor),
    "the newest of a day": lambda history, cursor: history.recent(
        LIMIT, since=START, until=START + timedelta(days=1), cursor=cursor
    ),
    "the newest of a place": lambda history, cursor: history.of_place(PLACE, LIMIT, cursor),
    "a persona that the place hardly has": lambda history, cursor: history.of_place(
        PLACE, LIMIT, cursor, persona="family"
    ),
    "a trend": lambda history, cursor: history.of_place(PLACE, paging.MOST_READ, cursor),
}
# Rows and queries of one page. Each shard is read at most two rows, and perhaps once more, past its share of the page.
MOST = {
    "the newest": (6 * SHARDS, 2 * SHARDS),
    "the newest of a persona": (6 * SHARDS, 2 * SHARDS),
    "the newest of a day": (6 * SHARDS, 2 * SHARDS),
    "the newest of a place": (LIMIT + 2, 1),
    "a persona that the place hardly has": (100, 1),
    "a trend": (MOST_READ + 2, 1),
}


def read(history, calls, ask):
    """Rows and queries that the first and the third page took."""
    found = []
    cursor = None
    for _ in range(3):
        calls.clear()
        cursor = ask(history, cursor).next_cursor
        answers = [answer for operation, _, answer in calls if operation == "Query"]
        assert len(answers) == len(calls)
        found.append((sum(answer["ScannedCount"] for answer in answers), len(answers)))
        if cursor is None:
            break
    return found[0], found[-1]


@pytest.fixture
def costs(history, made, calls):
    """By question, what its pages took of a small table and of one ten times as large."""

    def minute(number):
        return made(minutes=number, persona="family" if number < 2 else "business")

    measured = {name: [] for name in QUESTIONS}
    for stretch in (range(FEW), range(FEW, MANY)):
        put_all(history, map(minute, stretch))
        for name, ask in QUESTIONS.items():
            measured[name].append(read(history, calls, ask))
    return measured


def test_a_page_reads_as_much_of_few_rows_as_of_ten_times_as_many(costs):
    for name, measured in costs.items():
        for pages in measured:
            for rows, queries in pages:
                assert rows <= MOST[name][0], (name, measured)
                assert queries <= MOST[name][1], (name, measured)


def test_reading_on_for_rare_rows_would_be_seen(history, made, calls, monkeypatch):
    """Else the test above could not fail."""
    monkeypatch.setattr(paging, "MOST_READ", MANY)
    put_all(history, [made(minutes=number) for number in range(2 * FEW)])
    (rows, queries), _ = read(history, calls, QUESTIONS["a persona that the place hardly has"])
    assert rows >= 2 * FEW > MOST["a persona that the place hardly has"][0]
    assert queries > MOST["a persona that the place hardly has"][1]
