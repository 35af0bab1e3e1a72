"""Parts in lanes: no more of a job are worked on at a time than may be, and its end waits for all of them."""

from hypothesis import given
from hypothesis import strategies as st

from brightspot.jobs.registry import Part
from brightspot.jobs.tasks import tasks_of
from tests.unit.jobs.test_views import job


@given(st.integers(1, 60), st.integers(1, 9), st.randoms())
def test_in_whatever_order_they_end_no_more_than_the_lanes_run_and_the_end_comes_last(count, lanes, random):
    tasks = tasks_of(job(), [Part(number, 1) for number in range(count)], lanes)
    *parts, end = tasks
    ended, order, most = set(), [], 0
    while len(ended) < count:
        ready = [each for each in parts if each.label not in ended and set(each.config.depends_on) <= ended]
        most = max(most, len(ready))
        assert not set(end.config.depends_on) <= ended
        chosen = random.choice(ready)
        order.append(chosen.args[1])
        ended.add(chosen.label)
    assert set(end.config.depends_on) <= ended
    assert most <= lanes
    assert sorted(order) == list(range(count))


def test_each_has_a_key_so_that_handing_out_again_changes_nothing():
    keys = [each.config.key for each in tasks_of(job(), [Part(number, 1) for number in range(5)], 4)]
    assert len(set(keys)) == 6
    assert all(each.startswith(job().id) for each in keys)
