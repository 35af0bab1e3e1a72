"""The shapes of jobs: what callers see of them, and what is remembered."""

from typing import Any, Final, Literal

import msgspec

JobState = Literal["queued", "running", "done", "failed", "cancelled"]
WebhookState = Literal["waiting", "delivered", "failed"]
JobPriority = Literal["high", "normal", "low"]
STATES: Final[tuple[JobState, ...]] = ("queued", "running", "done", "failed", "cancelled")
UNFINISHED: Final = ("queued", "running")


class JobError(msgspec.Struct, frozen=True):
    """Why a job came to nothing: `error` is a short stable text, `reason` says what happened and what to do."""

    error: str
    reason: str


class JobWebhook(msgspec.Struct, frozen=True):
    """What has become of the message that a job is finished. `reason` says why it could not be handed over."""

    state: WebhookState
    reason: str | None


class JobProgress(msgspec.Struct, frozen=True):
    """`done` of `total` units of work, such as addresses; `total` and `percent` are null until the job has begun."""

    done: int
    total: int | None
    percent: float | None


class JobStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How a job is. Times are RFC 3339; those that are still to come are null.

    `eta_seconds` is reckoned from how fast it went so far, and null until enough of it is done. `error` is null unless
    it failed, `webhook` unless one was asked for.
    """

    id: str
    job_type: str
    state: JobState
    priority: JobPriority
    progress: JobProgress
    eta_seconds: float | None
    created_at: str
    started_at: str | None
    finished_at: str | None
    expires_at: str
    error: JobError | None
    webhook: JobWebhook | None
    links: dict[str, str]


class JobList(msgspec.Struct, frozen=True):
    """Jobs of the caller's tenant, the newest first. `next_cursor` is null on the last page."""

    count: int
    jobs: list[JobStatus]
    next_cursor: str | None


class JobFile(msgspec.Struct, frozen=True):
    """A file of a job's result: whoever has its `url` may read it until `expires_at`."""

    name: str
    media_type: str
    bytes: int
    url: str
    expires_at: str


class JobResult(msgspec.Struct, frozen=True):
    """What a job found: in `result` when that is small, else null, and the first of `files` has it."""

    id: str
    job_type: str
    finished_at: str
    result: Any
    files: list[JobFile]


class JobUpload(msgspec.Struct, frozen=True):
    """A place for a file: `method` its bytes, as many as were said, to `url` with `headers` until `expires_at`."""

    id: str
    url: str
    method: Literal["PUT"]
    headers: dict[str, str]
    expires_at: str
    most_bytes: int


class KeptFile(msgspec.Struct, frozen=True, array_like=True):
    """A file of a result that is kept."""

    name: str
    media_type: str
    bytes: int


class Hook(msgspec.Struct, frozen=True):
    """Where to tell that a job is finished, and the secret to sign that with; neither is shown by repr."""

    url: str
    secret: str

    def __repr__(self) -> str:
        return "Hook(...)"


class Asked(msgspec.Struct, frozen=True):
    """What a job was asked for: its parameters as its type has them, and whom to tell."""

    parameters: dict[str, Any]
    hook: Hook | None = None


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One job as it is remembered; times are Unix seconds.

    `sizes` are the units of work of each part, `digest` what they were made from; `done_parts` are the numbers of
    those that are done. `is_handed_on` says that all its parts are known to the workers.
    """

    id: str
    tenant: str
    job_type: str
    priority: JobPriority
    state: JobState
    created_at: float
    expires_at: int
    started_at: float | None = None
    finished_at: float | None = None
    sizes: list[int] = []
    digest: str | None = None
    done_parts: frozenset[int] = frozenset()
    is_handed_on: bool = False
    error: JobError | None = None
    files: list[KeptFile] = []
    webhook: WebhookState | None = None
    webhook_reason: str | None = None

    @property
    def is_finished(self) -> bool:
        return self.state not in UNFINISHED

    @property
    def done(self) -> int:
        """Units of work that are done."""
        return sum(self.sizes[part] for part in self.done_parts)

    @property
    def total(self) -> int:
        return sum(self.sizes)


class JobClaim(msgspec.Struct, frozen=True):
    """An idempotency key (hashed, with whose it is) stands for one job, of the request with this fingerprint."""

    key: str
    job: str
    fingerprint: str
    expires_at: int
