"""Tasks through DynamoDB and SQS: submitted, done by the function, each with its end and its effect once."""

from random import Random

import pytest

from brightspot.core.errors import Conflict, InputRefused
from brightspot.tasks import (
    NewTask,
    PermanentTaskError,
    TaskConfig,
    TaskPriority,
    background_task,
    cancel_task,
    current_task,
    redrive_dead_letters,
    redrive_task,
    submit_all,
    submit_task,
    task_status,
    tasks_listed,
)

RUNS = []


@background_task("tests.greet", priority=TaskPriority.HIGH)
def greet(name, *, loud=False):
    RUNS.append(current_task().id)
    return f"Hello {name}{'!' if loud else ''}"


@background_task("tests.flaky", retries=2)
async def flaky(fails):
    if current_task().attempt <= fails:
        raise ConnectionError("try again")
    return current_task().attempt


@background_task("tests.never")
def never():
    raise PermanentTaskError("it cannot be")


@pytest.fixture(autouse=True)
def _runs():
    RUNS.clear()


def test_a_task_is_done_by_a_worker_and_its_result_is_told(work):
    task_id = submit_task("tests.greet", "Ann", loud=True)
    assert task_status(task_id).state == "queued"
    assert work() == {"high": 1}
    status = task_status(task_id)
    assert (status.state, status.result, status.attempt, status.error) == ("done", "Hello Ann!", 1, None)
    assert status.created_at <= status.started_at <= status.finished_at


def test_a_fan_in_of_200_ends_once_under_repeated_and_reordered_delivery(work, counted):
    graph = [
        NewTask("noop", ["graph"], label="begin"),
        *(NewTask("noop", ["graph"], config=TaskConfig(depends_on=["begin"]), label=str(n)) for n in range(198)),
        NewTask("noop", ["graph"], config=TaskConfig(depends_on=[str(n) for n in range(198)])),
    ]
    ids = submit_all(graph)
    random, old = Random(4), []

    def repeated(records):
        """In another order, with one of them twice, and one of an earlier event again."""
        mixed = [*records, random.choice(records), *random.sample(old, min(1, len(old)))]
        old.extend(records)
        return random.sample(mixed, len(mixed))

    work(repeated)
    assert {task_status(each).state for each in ids} == {"done"}
    assert counted("graph") == dict.fromkeys(ids, 1)


def test_attempts_are_made_as_often_as_the_task_says_and_are_told(work, letters):
    well, ill = submit_task("tests.flaky", 2), submit_task("tests.flaky", 9)
    work()
    done, failed = task_status(well), task_status(ill)
    assert (done.state, done.result) == ("done", 3)
    assert [each.error for each in done.attempts] == ["ConnectionError: try again"] * 2
    assert (failed.state, failed.attempt, failed.max_attempts) == ("failed", 3, 3)
    assert (failed.error.error, failed.error.reason) == ("ConnectionError", "try again")
    assert [ill in each["Body"] for each in letters()] == [True]


@pytest.mark.parametrize(
    ("name", "args", "reason"),
    [
        ("tests.never", [], "it cannot be"),
        ("tests.unheard.of", [], "no worker knows a task named tests.unheard.of"),
        ("tests.unheard.of", ["tests.integration.tasks.no_module"], "no worker knows"),
    ],
)
def test_what_can_never_be_done_is_tried_once_and_leaves_one_letter(name, args, reason, work, letters):
    task_id = submit_task(name, *args)
    work()
    work()
    status = task_status(task_id)
    assert (status.state, status.attempt) == ("failed", 1)
    assert reason in status.error.reason
    (letter,) = letters()
    assert reason in letter["Body"]


def test_arguments_that_do_not_fit_are_refused_where_the_task_is_known(environment):
    with pytest.raises(InputRefused, match=r"tests.greet does not take these arguments: .*'name'"):
        submit_task("tests.greet")
    with pytest.raises(InputRefused, match="put them into S3"):
        submit_task("tests.greet", "x" * 200_001)
    with pytest.raises(InputRefused, match="no JSON"):
        submit_task("tests.greet", object())
    assert environment.rows("tasks") == []


def test_the_same_key_is_the_same_task(work):
    first = submit_task("tests.greet", "Ann", key="once")
    assert submit_task("tests.greet", "Ann", key="once") == first
    work()
    assert submit_task("tests.greet", "Ann", key="once") == first
    assert submit_task("tests.greet", "Ann", key="twice") != first
    work()
    assert len(RUNS) == 2


def test_what_failed_is_redriven_by_its_letter_with_what_failed_for_it(work, letters, monkeypatch):
    bad = submit_task("tests.never")
    after = submit_task("tests.greet", "Ann", depends_on=[bad])
    work()
    assert [task_status(each).state for each in (bad, after)] == ["failed", "failed"]
    assert task_status(after).error.reason == f"it depends on {bad}, which did not end as done"
    with pytest.raises(Conflict, match=f"failed because of {bad}"):
        redrive_task(after)

    background_task("tests.never")(lambda: "now it can")
    try:
        assert redrive_dead_letters(limit=10).redriven == 1
    finally:
        background_task("tests.never")(never)
        background_task("tests.never.mended")(never)
    assert task_status(after).state == "waiting"
    assert letters() == []


def test_a_task_that_waits_is_cancelled_at_once_and_fails_those_that_wait_for_it(work):
    first = submit_task("tests.greet", "Ann")
    waiting = submit_task("tests.greet", "Bob", depends_on=[first])
    last = submit_task("tests.greet", "Cid", depends_on=[waiting])
    assert cancel_task(waiting).state == "cancelled"
    assert cancel_task(waiting).state == "cancelled", "twice is once"
    work()
    assert [task_status(each).state for each in (first, waiting, last)] == ["done", "cancelled", "failed"]
    with pytest.raises(Conflict):
        cancel_task(first)


def test_tasks_are_listed_by_name_and_state_in_pages(work):
    ids = [submit_task("tests.greet", str(n)) for n in range(5)]
    bad = submit_task("tests.never")
    first = tasks_listed("tests.greet", limit=3)
    rest = tasks_listed("tests.greet", limit=3, cursor=first.next_cursor)
    assert sorted(each.id for each in (*first.tasks, *rest.tasks)) == sorted(ids)
    assert rest.next_cursor is None
    assert {each.id for each in tasks_listed(state="queued").tasks} == {*ids, bad}
    work()
    assert {each.id for each in tasks_listed(state="done").tasks} == {*ids}
    assert [each.id for each in tasks_listed(state="failed").tasks] == [bad]
    with pytest.raises(InputRefused):
        tasks_listed(state="mislaid")


def test_each_priority_has_a_queue_of_its_own(work):
    for priority in TaskPriority:
        submit_task("tests.greet", "Ann", priority=priority)
    assert work() == {"high": 1, "normal": 1, "low": 1}
