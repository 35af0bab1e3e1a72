"""The jobs of this process: a table, a bucket and workers where there are such, else its own memory and work."""

from functools import lru_cache

from brightspot.core.clock import SystemClock
from brightspot.core.errors import InputRefused
from brightspot.core.settings import load
from brightspot.core.snapshots import before_snapshot, load_before_snapshot
from brightspot.jobs.dynamo import DynamoJobs
from brightspot.jobs.registry import job_types
from brightspot.jobs.seam import Jobs, MemoryJobs
from brightspot.jobs.service import JobService
from brightspot.jobs.settings import JobSettings
from brightspot.jobs.shapes import Hook
from brightspot.jobs.shelf import JobFiles, files_in
from brightspot.jobs.worker import JobWorker, Workers
from brightspot.resilience import Deadline
from brightspot.store import Bucket, StoreSettings
from brightspot.webhooks import Webhook, WebhookFailed, shared_webhooks

_LEAST_SECRET = 16


load_before_snapshot("brightspot.jobs.tasks")


@lru_cache(maxsize=1)
def job_service() -> JobService:
    """What takes jobs in and tells of them, as the environment describes it. Opens no connection yet."""
    return JobService(
        _jobs(),
        _files(),
        _workers(),
        types=job_types(),
        check_hook=_check,
        clock=SystemClock(),
        settings=load(JobSettings),
    )


@lru_cache(maxsize=1)
def job_worker() -> JobWorker:
    """What works on jobs."""
    return JobWorker(_jobs(), _files(), _workers(), types=job_types(), send=_send, clock=SystemClock())


@lru_cache(maxsize=1)
def _workers() -> Workers:
    from brightspot.jobs.tasks import TaskWorkers  # noqa: PLC0415  # they import this module

    return TaskWorkers(load(JobSettings).most_workers)


@lru_cache(maxsize=1)
def _jobs() -> Jobs:
    store = load(StoreSettings)
    return DynamoJobs(store, SystemClock()) if store.table_prefix else MemoryJobs(SystemClock())


@lru_cache(maxsize=1)
def _files() -> JobFiles:
    bucket = load(JobSettings).bucket
    return files_in(Bucket(bucket, load(StoreSettings)) if bucket else None)


def _check(hook: Hook) -> None:
    if len(hook.secret) < _LEAST_SECRET:
        raise InputRefused("webhook.secret", f"send at least {_LEAST_SECRET} characters, which nobody can guess")
    try:
        shared_webhooks().check(hook.url)
    except WebhookFailed as failed:
        raise InputRefused("webhook.url", f"no message can be sent there: {failed}") from failed


def _send(hook: Hook, event: str, delivery: str, body: bytes, deadline: Deadline) -> None:
    shared_webhooks().send(Webhook(hook.url, hook.secret.encode()), event, delivery, body, deadline)


@before_snapshot
def _prepare() -> None:
    _files()
    if isinstance(jobs := _jobs(), DynamoJobs):
        jobs.prepare()
