"""What a message is to a worker, by its task's row: work to claim, a task that has ended, or one for later."""

from typing import Final, Literal, NamedTuple

from brightspot.tasks.rows import Head

Verdict = Literal["gone", "finished", "early", "leased", "lost", "claim", "stopped", "waits"]
_EARLY_MILLISECONDS: Final = 1000  # SQS counts whole seconds


class Judged(NamedTuple):
    """`seconds` until it is to be looked at again, of a task that is early or leased."""

    verdict: Verdict
    seconds: float = 0.0


def judged(head: Head | None, now: int) -> Judged:
    """A message's task as it stands at `now`, in Unix milliseconds.

    `lost`: its last attempt's worker is silent. `waits`: for dependencies, whose end will send a message.
    """
    if head is None or head.is_finished:
        return Judged("gone" if head is None else "finished")
    if head.state == "waiting":
        return Judged("waits")
    if head.state == "running":
        return _judged_running(head, now)
    is_early = head.due > now + _EARLY_MILLISECONDS
    return Judged("early", (head.due - now) / 1000) if is_early else Judged("claim")


def _judged_running(head: Head, now: int) -> Judged:
    if head.lease > now:
        return Judged("leased", (head.lease - now) / 1000)
    if head.stop:
        return Judged("stopped")
    return Judged("lost" if head.attempt >= head.most else "claim")
