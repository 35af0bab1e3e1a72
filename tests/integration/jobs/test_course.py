"""The course of a job: taken in, parted, done once however often it is delivered, put together, or given up."""

import pytest

from brightspot.core.errors import Conflict, InputRefused, NotFinished, NotFound
from brightspot.jobs import JobQueueFull
from brightspot.jobs.shelf import _upload
from brightspot.resilience import Deadline
from tests.integration.jobs.made import World

NOBODYS = "01M7WEYZ4S3T9Q4R7Y2K5H8N0C"


def test_a_job_is_queued_runs_and_is_done_with_its_result(world, clock):
    made = world.submit()
    assert (made.state, made.progress.total, made.started_at) == ("queued", None, None)
    world.step()
    clock.advance(seconds=1)
    assert (world.look(made.id).state, world.look(made.id).progress.total) == ("running", 5)
    world.step()
    assert (world.look(made.id).progress.done, world.look(made.id).progress.percent) == (2, 40.0)
    world.work()
    told = world.look(made.id)
    assert (told.state, told.progress.percent, told.error) == ("done", 100.0, None)
    assert told.finished_at > told.started_at
    result = world.service.result(made.id, "ann")
    assert bytes(result.result) == b'{"job":"%s","sum":15,"sums":[3,7,5]}' % made.id.encode()
    assert [each.name for each in result.files] == ["result.json", "sums.txt"]


def test_every_step_may_be_delivered_twice_late_and_out_of_order(world):
    made = world.submit()
    world.step()
    steps = list(world.line.steps)
    for each in (*reversed(steps[:-1]), *steps[:-1], ("start", made.id), *steps, *steps):
        world.do(*each)
    assert world.look(made.id).state == "done"
    assert sorted(value for _, value in world.adding.runs) == [(1, 2), (3, 4), (5,)]
    assert world.look(made.id).progress.done == 5
    assert b'"sum":15' in bytes(world.service.result(made.id, "ann").result)


def test_a_part_whose_worker_died_before_noting_it_is_not_run_again(world, monkeypatch):
    made = world.submit()
    world.step()
    monkeypatch.setattr(world.jobs, "part_done", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    step = world.line.steps[0]
    with pytest.raises(KeyboardInterrupt):
        world.do(*step)
    monkeypatch.undo()
    assert world.look(made.id).progress.done == 0
    world.work()
    assert len(world.adding.runs) == 3
    assert world.look(made.id).state == "done"


def test_one_that_died_between_beginning_and_handing_out_is_begun_again(world, monkeypatch):
    made = world.submit()
    monkeypatch.setattr(world.line, "work", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        world.do("start", made.id)
    monkeypatch.undo()
    world.worker.started(made.id)
    assert world.look(made.id).state == "failed"  # no try of the start is left
    other = world.submit()
    monkeypatch.setattr(world.line, "work", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        world.do("start", other.id)
    monkeypatch.undo()
    world.work()
    world.worker.started(other.id)
    assert world.look(other.id).state == "done"


def test_what_fails_for_good_fails_the_job_with_its_reason(world):
    made = world.submit([1, 2, 13, 4])
    world.work()
    told = world.look(made.id)
    assert (told.state, told.error.error, told.error.reason) == ("failed", "Unlucky", "13 cannot be added")
    with pytest.raises(NotFinished, match="the job is failed: 13 cannot be added"):
        world.service.result(made.id, "ann")
    below = world.submit([-1])
    world.work()
    assert world.look(below.id).error.error == "Below zero"


def test_what_fails_by_chance_is_tried_again_and_in_the_end_fails_the_job(world):
    made = world.submit([1, 2, 3])
    world.step()
    world.adding.failing = {3}
    world.step()
    step = world.line.steps[0]
    with pytest.raises(RuntimeError):
        world.do(*step)
    assert world.look(made.id).state == "running"
    with pytest.raises(RuntimeError):
        world.do(*step, is_last=True)
    told = world.look(made.id).error
    assert told.error == "Part failed"
    assert "part 2 of 2 failed at each try (RuntimeError)" in told.reason


def test_parts_that_no_worker_came_back_from_fail_the_job(world):
    made = world.submit([1, 2, 3])
    world.step()
    world.step()
    world.do("finish", made.id)
    assert "1 of 2 parts came to nothing, the first of them is part 2" in world.look(made.id).error.reason


def test_a_result_that_cannot_be_put_together_is_tried_again_and_then_fails_the_job(world, monkeypatch):
    made = world.submit()
    while world.line.steps[0][0] != "finish":
        world.step()
    monkeypatch.setattr(world.files, "keep_result", lambda *_: (_ for _ in ()).throw(RuntimeError("full")))
    with pytest.raises(RuntimeError):
        world.do("finish", made.id)
    assert world.look(made.id).state == "running"
    with pytest.raises(RuntimeError):
        world.do("finish", made.id, is_last=True)
    assert world.look(made.id).error.error == "Result failed"


def test_a_cancelled_job_does_no_more(world):
    made = world.submit()
    world.step()
    world.step()
    assert world.service.cancel(made.id, "ann").state == "cancelled"
    world.work()
    assert len(world.adding.runs) == 1
    assert world.look(made.id).state == "cancelled"
    assert world.service.cancel(made.id, "ann").state == "cancelled"  # the same wish twice
    queued = world.submit()
    world.service.cancel(queued.id, "ann")
    world.work()
    assert (world.look(queued.id).state, len(world.adding.runs)) == ("cancelled", 1)


def test_a_finished_job_cannot_be_cancelled(world):
    made = world.submit()
    world.work()
    with pytest.raises(Conflict, match="done already"):
        world.service.cancel(made.id, "ann")


def test_an_upload_that_changes_while_a_job_begins_fails_it(world):
    world.files._objects.put(*upload_of("ann", b"[1,2,3]"))
    made = world.submit(parameters={"upload": "u"})
    world.do("start", made.id)
    world.files._objects.put(*upload_of("ann", b"[1,2,4]"))
    world.do("start", made.id)
    assert world.look(made.id).error.error == "Upload changed"


def upload_of(tenant, body):
    return _upload(tenant, "u"), body, "text/csv"


def test_a_tenant_sees_nothing_of_anothers(world):
    made = world.submit()
    world.work()
    for ask in (world.service.look, world.service.result, world.service.cancel):
        with pytest.raises(NotFound, match="no such job"):
            ask(made.id, "bob")
        with pytest.raises(NotFound, match="no such job"):
            ask("nonsense", "ann")
    assert world.service.listed("bob", None, 10, None).jobs == []
    world.files._objects.put(*upload_of("ann", b"[1]"))
    with pytest.raises(InputRefused):
        world.submit(parameters={"upload": "u"}, tenant="bob")


def test_the_queue_is_exactly_as_long_as_it_is_said_to_be(jobs, clock):
    world = World(jobs, clock, queue_size=3)
    first = [world.submit().id for _ in range(3)]
    with pytest.raises(JobQueueFull, match="3 jobs wait or run"):
        world.submit()
    world.service.cancel(first[0], "ann")
    world.service.cancel(first[0], "ann")
    world.submit()
    with pytest.raises(JobQueueFull):
        world.submit()
    world.work()
    for _ in range(3):
        world.submit()
    with pytest.raises(JobQueueFull):
        world.submit()


def test_tries_with_one_key_are_one_job(world):
    first = world.submit(key="k", subject="ann@x")
    assert world.submit(key="k", subject="ann@x").id == first.id
    assert world.submit(key="k", subject="bob@x").id != first.id
    assert world.submit(key="other", subject="ann@x").id != first.id
    with pytest.raises(InputRefused, match="another request"):
        world.submit([9], key="k", subject="ann@x")
    world.work()
    assert world.submit(key="k", subject="ann@x").state == "done"


def test_a_key_that_came_when_the_queue_was_full_is_good_later(jobs, clock):
    world = World(jobs, clock, queue_size=1)
    before = world.submit()
    with pytest.raises(JobQueueFull):
        world.submit(key="k")
    world.service.cancel(before.id, "ann")
    assert world.submit(key="k").state == "queued"


def test_what_cannot_be_meant_is_refused_by_its_field(world):
    for parameters, field in (({"numbers": []}, "parameters.numbers"), ({"numbres": [1]}, "parameters")):
        with pytest.raises(InputRefused) as refused:
            world.submit(parameters=parameters)
        assert refused.value.field == field


def test_a_job_whose_start_was_lost_is_handed_on_when_somebody_looks(world, clock):
    made = world.submit()
    world.look(made.id)
    assert world.line.begun == [made.id]
    clock.advance(seconds=31)
    assert world.look(made.id).state == "queued"
    assert world.line.begun == [made.id, made.id]


def test_lists_are_the_newest_first_by_page_and_state(world, clock):
    ids = []
    for number in range(7):
        clock.advance(seconds=1)
        ids.append(world.submit().id)
        if number % 2:
            world.service.cancel(ids[-1], "ann")
    told, cursor = [], None
    while True:
        page = world.service.listed("ann", None, 3, cursor)
        told += [each.id for each in page.jobs]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert told == ids[::-1]
    assert [each.id for each in world.service.listed("ann", "cancelled", 10, None).jobs] == [ids[5], ids[3], ids[1]]
    cursor = world.service.listed("ann", None, 3, None).next_cursor
    with pytest.raises(InputRefused, match="next_cursor"):
        world.service.listed("ann", "queued", 3, cursor)


def test_a_job_is_forgotten_with_its_result(world, clock):
    made = world.submit()
    world.work()
    clock.advance(seconds=30 * 86400 + 1)
    with pytest.raises(NotFound):
        world.look(made.id)
    assert world.service.listed("ann", None, 10, None).jobs == []


def test_a_large_result_is_told_by_its_link_alone(jobs, clock):
    world = World(jobs, clock, inline_bytes=10)
    made = world.submit()
    world.work()
    told = world.service.result(made.id, "ann")
    assert told.result is None
    assert told.files[0].url == f"memory:results/{made.id}/result.json"
    assert told.files[0].bytes > 10


def test_a_worker_that_knows_nothing_of_a_job_does_nothing(world):
    world.worker.start(NOBODYS)
    world.worker.started(NOBODYS)
    world.worker.work(NOBODYS, 0, [1], Deadline.after(world.clock, 1), is_last=True)
    world.worker.finish(NOBODYS, is_last=True)
    world.worker.notify(NOBODYS, Deadline.after(world.clock, 1), is_last=True)
    assert (world.adding.runs, world.sent, list(world.line.steps)) == ([], [], [])
