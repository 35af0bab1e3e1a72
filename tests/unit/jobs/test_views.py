"""How long the rest of a job takes, and how far it is."""

from hypothesis import given
from hypothesis import strategies as st

from brightspot.jobs.shapes import Job
from brightspot.jobs.views import eta_seconds, status_of

PARTS = 8


def job(done=(), *, state="running", sizes=(25,) * PARTS):
    return Job(
        id="01M7WEYZ4S3T9Q4R7Y2K5H8N0C", tenant="ann", job_type="add", priority="normal", state=state, created_at=0.0,
        expires_at=10_000, started_at=None if state == "queued" else 100.0, sizes=list(sizes),
        done_parts=frozenset(done),
    )  # fmt: skip


def test_nothing_is_said_until_three_parts_are_done():
    assert [eta_seconds(job(range(done)), 110.0) for done in range(3)] == [None, None, None]
    assert eta_seconds(job(range(3)), 110.0) is not None


def test_the_rest_takes_as_long_as_the_pace_so_far_has_it():
    assert eta_seconds(job(range(4)), 140.0) == 40.0
    assert eta_seconds(job(range(6)), 160.0) == 20.0
    assert eta_seconds(job({0, 1, 3}, sizes=(10, 10, 50, 10)), 130.0) == 50.0


def test_a_job_that_stalls_is_given_longer():
    assert eta_seconds(job(range(4)), 200.0) > eta_seconds(job(range(4)), 140.0)


def test_what_does_not_run_has_no_estimate():
    for state in ("queued", "done", "failed", "cancelled"):
        assert eta_seconds(job(range(4), state=state), 140.0) is None


@given(st.sets(st.integers(0, PARTS - 1)), st.floats(100.0, 1e6), st.lists(st.integers(1, 500), min_size=8, max_size=8))
def test_progress_and_estimate_are_never_beyond_what_there_is(done, now, sizes):
    told = status_of(job(done, sizes=sizes), now)
    assert 0 <= told.progress.done <= told.progress.total
    assert 0.0 <= told.progress.percent <= 100.0
    assert told.eta_seconds is None or told.eta_seconds >= 0.0


def test_a_job_that_has_not_begun_says_that_its_size_is_not_known():
    told = status_of(job(state="queued", sizes=()), 0.0)
    assert (told.progress.total, told.progress.percent, told.started_at) == (None, None, None)
    assert told.created_at == "1970-01-01T00:00:00.000Z"
    assert list(told.links) == ["status"]
