"""The files of jobs: what callers put there, what was found for each part, and results."""

import gzip
from collections.abc import Iterator
from hashlib import sha256
from typing import Final, Protocol

from brightspot.jobs.registry import PART_FORM, Packed, ResultFile
from brightspot.jobs.shapes import KeptFile
from brightspot.store import Bucket

MOST_UPLOADED: Final = 5_000_000
_MOST_IN_MEMORY: Final = 2000


class Objects(Protocol):
    """Bytes by key. Raises BucketUnavailable."""

    def put(self, key: str, body: bytes, media_type: str) -> None: ...

    def get(self, key: str) -> bytes | None: ...

    def size(self, key: str) -> int | None: ...

    def link_to_read(self, key: str, seconds: int, filename: str) -> str: ...

    def link_to_write(self, key: str, seconds: int, size: int) -> str: ...


class MemoryObjects:
    """Of one process, without a bucket: the last 2,000. Nobody can reach them by a link."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def put(self, key: str, body: bytes, media_type: str) -> None:  # noqa: ARG002  # nobody asks for it here
        self._kept[key] = body
        while len(self._kept) > _MOST_IN_MEMORY:
            del self._kept[next(iter(self._kept))]

    def get(self, key: str) -> bytes | None:
        return self._kept.get(key)

    def size(self, key: str) -> int | None:
        return len(self._kept[key]) if key in self._kept else None

    def link_to_read(self, key: str, seconds: int, filename: str) -> str:  # noqa: ARG002  # as a bucket's
        return f"memory:{key}"

    def link_to_write(self, key: str, seconds: int, size: int) -> str:  # noqa: ARG002  # as a bucket's
        return f"memory:{key}"


class JobFiles:
    """Keys `uploads/<whose>/<upload>.csv`, `work/<job>/<part>.gz` and `results/<job>/<name>`. Raises BucketUnavailable.

    Parts lie apart from results, so that they can be forgotten sooner (infrastructure/data.yaml).
    """

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def size(self, tenant: str, upload: str) -> int | None:
        """Bytes of what a tenant put into its place; None when nothing is there."""
        return self._objects.size(_upload(tenant, upload))

    def read(self, tenant: str, upload: str) -> bytes | None:
        return self._objects.get(_upload(tenant, upload))

    def place(self, tenant: str, upload: str, seconds: int, size: int) -> str:
        """Where to put an upload of so many bytes."""
        return self._objects.link_to_write(_upload(tenant, upload), seconds, size)

    def has_part(self, job: str, part: int) -> bool:
        return self._objects.size(_part(job, part)) is not None

    def keep_part(self, job: str, part: int, body: bytes) -> None:
        """Kept again, the same bytes take their own place."""
        self._objects.put(_part(job, part), gzip.compress(body, mtime=0), PART_FORM)

    def parts(self, job: str, count: int) -> Iterator[Packed | None]:
        """What was found for each part, one at a time; None where nothing is kept."""
        for number in range(count):
            packed = self._objects.get(_part(job, number))
            yield None if packed is None else Packed(packed)

    def keep_result(self, job: str, file: ResultFile) -> KeptFile:
        self._objects.put(_result(job, file.name), file.body, file.media_type)
        return KeptFile(file.name, file.media_type, len(file.body))

    def result(self, job: str, file: KeptFile) -> bytes | None:
        return self._objects.get(_result(job, file.name))

    def link(self, job: str, file: KeptFile, seconds: int) -> str:
        return self._objects.link_to_read(_result(job, file.name), seconds, f"{job}-{file.name}")


def files_in(bucket: Bucket | None) -> JobFiles:
    """In a bucket, or without one in memory."""
    return JobFiles(MemoryObjects() if bucket is None else bucket)


def _upload(tenant: str, upload: str) -> str:
    return f"uploads/{sha256(tenant.encode()).hexdigest()[:32]}/{upload}.csv"


def _part(job: str, part: int) -> str:
    return f"work/{job}/{part:05}.gz"


def _result(job: str, name: str) -> str:
    return f"results/{job}/{name}"
