"""A webhook is told of a finished job apart from the job, and what becomes of that is seen in its status."""

import pytest

from brightspot.core.errors import InputRefused
from brightspot.jobs import Hook
from brightspot.resilience import CircuitOpenError, Deadline
from brightspot.webhooks import WebhookFailed

HOOK = Hook("https://hooks.example/jobs", "a secret that nobody guesses")


def notify(world, job, *, is_last=False):
    world.worker.notify(job, Deadline.after(world.clock, 10), is_last=is_last)


@pytest.fixture
def done(world):
    made = world.submit(hook=HOOK)
    assert world.look(made.id).webhook.state == "waiting"
    world.work()
    assert world.line.told == [made.id]
    return made.id


def test_it_is_told_once_what_the_status_says(world, done):
    notify(world, done)
    notify(world, done)
    ((url, secret, event, delivery, body),) = world.sent
    assert (url, secret, event, delivery) == (HOOK.url, HOOK.secret, "job.done", f"job-{done}")
    assert (body["id"], body["state"], body["links"]["result"]) == (done, "done", f"/api/v2/batch/jobs/{done}/result")
    assert world.look(done).webhook.state == "delivered"


def test_a_receiver_that_is_away_is_tried_again_and_the_job_is_done_all_the_same(world, done):
    world.refusing = WebhookFailed("it answered HTTP 503", again=0.0)
    with pytest.raises(WebhookFailed):
        notify(world, done)
    told = world.look(done)
    assert (told.state, told.webhook.state, told.webhook.reason) == ("done", "waiting", "it answered HTTP 503")
    world.refusing = None
    notify(world, done)
    assert (world.look(done).webhook.state, world.look(done).webhook.reason) == ("delivered", None)


def test_after_the_last_try_it_is_given_up(world, done):
    world.refusing = WebhookFailed("it answered HTTP 503", again=0.0)
    with pytest.raises(WebhookFailed):
        notify(world, done, is_last=True)
    assert world.look(done).webhook.state == "failed"


def test_one_that_does_not_want_it_is_not_asked_again(world, done):
    world.refusing = WebhookFailed("it redirects (HTTP 302), which is not followed")
    notify(world, done)
    assert world.look(done).webhook.state == "failed"
    assert "redirects" in world.look(done).webhook.reason


def test_a_target_that_is_given_a_rest_is_asked_later(world, done):
    world.refusing = CircuitOpenError("webhook-1", "open", 30.0)
    with pytest.raises(CircuitOpenError):
        notify(world, done)
    assert world.look(done).webhook.state == "waiting"


@pytest.mark.parametrize("end", ["failed", "cancelled"])
def test_other_ends_are_told_too(world, end):
    made = world.submit([13], hook=HOOK)
    if end == "cancelled":
        world.service.cancel(made.id, "ann")
    world.work()
    notify(world, made.id)
    assert [each[2] for each in world.sent] == [f"job.{end}"]


def test_what_is_not_told_long_after_the_end_is_handed_on_when_somebody_looks(world, done, clock):
    world.look(done)
    assert world.line.told == [done]
    clock.advance(seconds=31)
    world.look(done)
    assert world.line.told == [done, done]


def test_a_target_that_nothing_goes_to_is_refused_at_once(world):
    with pytest.raises(InputRefused):
        world.submit(hook=Hook("https://private.example/", "a secret that nobody guesses"))
    assert world.service.listed("ann", None, 10, None).jobs == []


def test_the_secret_is_shown_nowhere(world, done, caplog):
    notify(world, done)
    assert HOOK.secret not in repr(world.look(done)) + repr(HOOK) + repr(world.jobs.asked(done)) + caplog.text
    assert HOOK.secret not in repr(world.sent[0][4])
