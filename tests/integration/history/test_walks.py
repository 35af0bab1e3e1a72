"""A walk through the history by cursors while others write: each page holds what was there when it was read."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brightspot.locations.past import paging
from brightspot.locations.past.dynamo import DynamoHistory
from brightspot.locations.past.seam import MemoryHistory
from brightspot.store import decode_cursor
from tests.integration.history.conftest import PLACE, create_table
from tests.integration.history.test_both import PERSONAS, PLACES, Then

MOST_READ = 4
rows = st.tuples(st.integers(0, 60), st.sampled_from(PERSONAS), st.sampled_from(PLACES))
READ = "read"
steps = st.lists(st.just(READ) | rows, min_size=4, max_size=20)


class Walk:
    """Pages of one question, and beside them the rows that were there when each was read."""

    def __init__(self, history, made, *, place, persona, limit):
        self._history = history
        self._made = made
        self._asked = (place, persona, limit)
        self._rows = {}
        self._cursor = None
        self.ended = False
        self.shown = []
        self.skipped = set()

    def write(self, minute, persona, where):
        analysis = self._made(minutes=minute, persona=persona)
        self._history.record(analysis, where)
        self._rows[analysis.id] = (persona, where)
        if self._asks(analysis.id) and (self.ended or (self._cursor and analysis.id >= self._position)):
            self.skipped.add(analysis.id)  # it came too late for the pages that would have held it
        return analysis.id

    def read(self):
        place, persona, limit = self._asked
        ask = {"cursor": self._cursor, "persona": persona}
        page = self._history.recent(limit, **ask) if place is None else self._history.of_place(place, limit, **ask)
        ids = [each.id for each in page.results]
        assert ids == self._expected(page.next_cursor)
        assert page.count == len(ids) <= limit
        self.shown += ids
        self._cursor, self.ended = page.next_cursor, page.next_cursor is None

    @property
    def wanted(self):
        return sorted(filter(self._asks, self._rows), reverse=True)

    @property
    def _position(self):
        return decode_cursor("history", self._cursor)

    def _asks(self, each):
        place, persona, _ = self._asked
        return persona in {None, self._rows[each][0]} and place in {None, self._rows[each][1]}

    def _expected(self, next_cursor):
        """The newest of what is wanted and older than the page before, as far as this page reached."""
        until = "" if next_cursor is None else decode_cursor("history", next_cursor)
        return [each for each in self.wanted if (not self._cursor or each < self._position) and each >= until]


@pytest.fixture(autouse=True)
def _short_reach(monkeypatch):
    """A page gives up on rare rows after a few, so that small histories show it."""
    monkeypatch.setattr(paging, "MOST_READ", MOST_READ)


@pytest.mark.parametrize("backend", ["memory", "dynamodb"])
def test_every_row_comes_once_in_order_unless_it_was_written_behind_the_reader(backend, aws, made):
    examples = 100 if backend == "memory" else 12

    @settings(max_examples=examples, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        before=st.lists(rows, min_size=10, max_size=25),
        steps=steps,
        place=st.sampled_from([None, PLACE, PLACE]),
        persona=st.sampled_from([None, *PERSONAS]),
        limit=st.integers(1, 4),
    )
    def walked(before, steps, place, persona, limit):
        history = MemoryHistory(clock=Then())
        if backend == "dynamodb":
            settings_ = aws.settings_of(create_table(aws.dynamodb))
            history = DynamoHistory(settings_, Then(), retention_days=90, queue_url=aws.queue_url)
        walk = Walk(history, made, place=place, persona=persona, limit=limit)
        there_before = {walk.write(*row) for row in before}
        for step in steps:
            if step != READ:
                walk.write(*step)
            elif not walk.ended:
                walk.read()
        while not walk.ended:
            walk.read()
        assert walk.shown == [each for each in walk.wanted if each not in walk.skipped]
        assert there_before.isdisjoint(walk.skipped)

    walked()
