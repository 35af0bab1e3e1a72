"""The history in memory and the one in DynamoDB give the same pages to the same questions."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brightspot.core.clock import SystemClock
from brightspot.locations.past.dynamo import DynamoHistory
from brightspot.locations.past.seam import MemoryHistory
from brightspot.locations.past.shapes import DEFAULT_RETENTION_DAYS
from tests.integration.history.conftest import PLACE, START, create_table

PLACES = [PLACE, "DULUTH, MN 55802"]
PERSONAS = ["business", "parent"]
minutes = st.integers(0, 60)
written = st.lists(st.tuples(minutes, st.sampled_from(PERSONAS), st.sampled_from(PLACES)), max_size=40)
asked = st.fixed_dictionaries(
    {
        "persona": st.none() | st.sampled_from(PERSONAS),
        "since": st.none() | minutes.map(lambda each: START + timedelta(minutes=each)),
        "until": st.none() | minutes.map(lambda each: START + timedelta(minutes=each)),
    }
)


class Then(SystemClock):
    """A clock at which nothing that these tests write has expired."""

    def now(self):
        return START + timedelta(days=1)


def pages(ask):
    found, cursor = [ask(None)], None
    while (cursor := found[-1].next_cursor) is not None:
        found.append(ask(cursor))
    return [(page.count, page.next_cursor, [each.id for each in page.results]) for page in found]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=written, question=asked, place=st.none() | st.sampled_from(PLACES), limit=st.integers(1, 20))
def test_both_give_the_same_pages(aws, made, rows, question, place, limit):
    name = create_table(aws.dynamodb)
    both = [
        MemoryHistory(clock=Then()),
        DynamoHistory(aws.settings_of(name), Then(), retention_days=DEFAULT_RETENTION_DAYS, queue_url=aws.queue_url),
    ]
    for minute, persona, where in rows:
        analysis = made(minutes=minute, persona=persona)
        for history in both:
            history.record(analysis, where)
    listed = [
        pages(
            lambda cursor, history=history: (
                history.recent(limit, cursor=cursor, **question)
                if place is None
                else history.of_place(place, limit, cursor, **question)
            )
        )
        for history in both
    ]
    assert listed[0] == listed[1]
