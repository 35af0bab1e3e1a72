"""The job types that there are: each says how its work is parted, done and put together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from brightspot.jobs.shapes import Job
from brightspot.resilience import Deadline

PART_FORM: Final = "application/gzip"


class Uploads(Protocol):
    """Files that a tenant put into their places. Raises BucketUnavailable."""

    def size(self, tenant: str, upload: str) -> int | None:
        """Bytes; None when nothing was put there, or it is deleted by now."""
        ...

    def read(self, tenant: str, upload: str) -> bytes | None: ...


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a job's work: `value` is JSON that says which, `size` counts its units, such as addresses."""

    value: Any
    size: int


@dataclass(frozen=True, slots=True)
class Split:
    """A job's work in parts. `digest` is the same for the same work: a split that is made again must have it again."""

    parts: Sequence[Part]
    digest: str


@dataclass(frozen=True, slots=True)
class Packed:
    """What was found for a part, gzipped (RFC 1952: one such file behind another is one file, too)."""

    packed: bytes

    @property
    def body(self) -> bytes:
        import gzip  # noqa: PLC0415  # only who puts results together

        return gzip.decompress(self.packed)


@dataclass(frozen=True, slots=True)
class ResultFile:
    """A file of a result."""

    name: str
    media_type: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class JobType:
    """A kind of work. None of its functions may depend on anything but what it is given, the dataset and settings.

    `parameters` is a msgspec struct. `check` raises InputRefused for what cannot be meant, at submission. `split` is
    called when the job's turn comes, `run` for each part, on any instance, perhaps more than once, and `merge` when
    there is a result of each, in their order: its first file is the result itself, as JSON. They raise JobFailed for
    what trying again does not mend; anything else is tried again.
    """

    name: str
    parameters: type
    check: Callable[[Any, str, Uploads], None]
    split: Callable[[Any, Job, Uploads], Split]
    run: Callable[[Any, Job, Deadline], bytes]
    merge: Callable[[Job, Iterator[Packed]], Sequence[ResultFile]]


_types: dict[str, JobType] = {}


def register_job_type(job_type: JobType) -> JobType:
    """Offer a job type. Its module is loaded by the function that takes jobs in and by the one that works on them."""
    _types[job_type.name] = job_type
    return job_type


def job_types() -> Mapping[str, JobType]:
    """Those that are registered in this process, by name."""
    return _types
