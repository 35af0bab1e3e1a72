"""The daily cleanup: what is older than it is kept goes, in batches, whatever gets in the way; and how many is told."""

import threading
from datetime import timedelta
from random import Random

import botocore.client
import pytest
from botocore.exceptions import ClientError

from brightspot import locations
from brightspot.core.clock import SystemClock
from brightspot.locations.past.seam import MemoryHistory
from brightspot.locations.past.table import SHARDS
from brightspot.resilience import Deadline
from brightspot.resilience.retry import Retry, RetrySettings
from brightspot.store import TableUnavailable
from tests.integration.history.conftest import PLACE, START, put_all

DAY = 24 * 60


@pytest.fixture
def history(history, clock):
    """The time is START + 100 days; no wait of a retry is waited for."""
    clock.advance(seconds=timedelta(days=70).total_seconds())
    history._retry = Retry("tests", RetrySettings(retries=8, base_ms=50), Random(1), sleep=lambda _: None)
    return history


@pytest.fixture
def old_and_young(history, made):
    """60 analyses of more than 90 days ago and 20 younger ones; the ids of both."""
    found = []
    for first, count in ((0, 60), (10 * DAY + 60, 20)):
        written = [made(minutes=first + minute) for minute in range(count)]
        put_all(history, written)
        found.append({each.id for each in written})
    return found


@pytest.fixture
def soon():
    return Deadline.after(SystemClock(), 60)


@pytest.fixture
def answers(monkeypatch):
    """`answers(f)`: BatchWriteItem is answered by f(request, really), where `really(request)` asks moto."""
    real = botocore.client.BaseClient._make_api_call

    def answer(how):
        def call(self, operation, request):
            if operation != "BatchWriteItem":
                return real(self, operation, request)
            return how(request, lambda asked: real(self, operation, asked))

        monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", call)

    return answer


def refusal(code):
    return ClientError({"Error": {"Code": code, "Message": "as the test asks"}}, "BatchWriteItem")


def ids(aws):
    return {row["id"]["S"] for row in aws.rows()}


def logged(events):
    return [fields for _, message, fields in events if message == "history_cleaned"]


def test_what_is_older_than_ninety_days_goes_and_nothing_else(history, clock, aws, old_and_young, soon, calls, events):
    _, young = old_and_young
    assert locations.clean_history(soon, history, clock) == {"deleted": 60, "finished": True}
    assert ids(aws) == young
    sizes = [len(request["RequestItems"]["tests-analyses"]) for name, request, _ in calls if name == "BatchWriteItem"]
    assert sizes == [25, 25, 10]
    assert [name for name, *_ in calls if name == "Query"] == ["Query"] * (2 * SHARDS)  # shared, and others'
    (event,) = logged(events)
    assert (event["deleted"], event["finished"], event["made_before"]) == (60, True, "2026-11-11T00:00:00+00:00")


def test_an_analysis_of_exactly_ninety_days_ago_stays(history, clock, aws, made, soon):
    edge, gone = made(minutes=10 * DAY), made(minutes=10 * DAY - 0.001)
    for each in (edge, gone):
        history.record(each, PLACE)
    locations.clean_history(soon, history, clock)
    assert ids(aws) == {edge.id}


def test_how_long_they_are_kept_is_a_setting(history, clock, aws, old_and_young, soon, monkeypatch):
    monkeypatch.setenv("HISTORY_RETENTION_DAYS", "89")
    assert locations.clean_history(soon, history, clock)["deleted"] == 80
    assert ids(aws) == set()


def test_a_second_run_finds_nothing_left(history, clock, aws, old_and_young, soon, calls):
    locations.clean_history(soon, history, clock)
    calls.clear()
    assert locations.clean_history(soon, history, clock) == {"deleted": 0, "finished": True}
    assert {name for name, *_ in calls} == {"Query"}


def test_two_runs_at_a_time_hinder_each_other_in_nothing(history, clock, aws, old_and_young, soon):
    _, young = old_and_young
    done, ready = [], threading.Barrier(2)

    def run():
        ready.wait()
        done.append(locations.clean_history(soon, history, clock))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert ids(aws) == young
    assert [each["finished"] for each in done] == [True, True]
    assert 60 <= sum(each["deleted"] for each in done) <= 120


def test_a_run_stops_at_its_deadline_and_the_next_one_goes_on(history, clock, aws, old_and_young, answers, events):
    _, young = old_and_young

    def slowly(request, really):
        clock.advance(seconds=0.6)
        return really(request)

    answers(slowly)
    assert locations.clean_history(Deadline.after(clock, 1), history, clock) == {"deleted": 50, "finished": False}
    assert len(ids(aws)) == 10 + len(young)
    assert locations.clean_history(Deadline.after(clock, 1), history, clock) == {"deleted": 10, "finished": True}
    assert ids(aws) == young
    assert [event["finished"] for event in logged(events)] == [False, True]


def test_without_any_time_nothing_is_deleted(history, clock, aws, old_and_young):
    assert locations.clean_history(Deadline.after(clock, 0), history, clock) == {"deleted": 0, "finished": False}
    assert len(ids(aws)) == 80


def test_what_a_batch_left_unprocessed_is_asked_again_and_counted_once(
    history, clock, aws, old_and_young, answers, soon
):
    _, young = old_and_young
    sizes = []

    def in_part(request, really):
        """The first seven only, as a busy table does."""
        asked = request["RequestItems"]["tests-analyses"]
        sizes.append(len(asked))
        answer = really({"RequestItems": {"tests-analyses": asked[:7]}})
        return {**answer, "UnprocessedItems": {"tests-analyses": asked[7:]} if asked[7:] else {}}

    answers(in_part)
    assert locations.clean_history(soon, history, clock)["deleted"] == 60
    assert ids(aws) == young
    assert sizes == [25, 18, 11, 4, 25, 18, 11, 4, 10, 3]


@pytest.mark.parametrize(
    "code", ["ProvisionedThroughputExceededException", "ThrottlingException", "InternalServerError"]
)
def test_a_busy_table_is_asked_again(code, history, clock, aws, old_and_young, answers, soon):
    _, young = old_and_young
    refused = []

    def at_first(request, really):
        if len(refused) < 3:
            refused.append(code)
            raise refusal(code)
        return really(request)

    answers(at_first)
    assert locations.clean_history(soon, history, clock)["deleted"] == 60
    assert ids(aws) == young


def test_a_table_that_stays_busy_fails_the_run_which_still_tells_what_it_did(
    history, clock, aws, old_and_young, answers, soon, events
):
    tried = []

    def once(request, really):
        tried.append(request)
        if len(tried) == 1:
            return really(request)
        return {"UnprocessedItems": request["RequestItems"]}

    answers(once)
    with pytest.raises(TableUnavailable, match="tests-analyses: did not delete 25 of 25 rows"):
        locations.clean_history(soon, history, clock)
    assert len(tried) == 2 + 8
    assert len(ids(aws)) == 55
    (event,) = logged(events)
    assert (event["deleted"], event["finished"]) == (25, False)


def test_a_role_that_may_not_delete_is_told_at_once(history, clock, old_and_young, answers, soon):
    tried = []

    def deny(request, _):
        tried.append(request)
        raise refusal("AccessDeniedException")

    answers(deny)
    with pytest.raises(TableUnavailable, match="AccessDeniedException"):
        locations.clean_history(soon, history, clock)
    assert len(tried) == 1


def test_a_memory_is_cleaned_likewise_and_what_has_expired_in_it_makes_room(clock, made, soon, an_analysis):
    clock.advance(seconds=(START - clock.now()).total_seconds())
    history = MemoryHistory(clock=clock)
    old, young = made(), made(minutes=10 * DAY)
    for each in (old, young):
        history.record(each, PLACE)
    clock.advance(seconds=timedelta(days=95).total_seconds())
    assert history.count() == 2
    assert locations.clean_history(soon, history, clock) == {"deleted": 1, "finished": True}
    assert (history.get(old.id), history.get(young.id)) == (None, young)
    clock.advance(seconds=timedelta(days=10).total_seconds())
    history.record(made(minutes=105 * DAY), PLACE)
    assert history.count() == 1
