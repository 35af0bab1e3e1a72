"""Parts a bulk analysis, and analyses the addresses of one part."""

import logging
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from itertools import batched
from typing import Any, Final

from brightspot.core import codec
from brightspot.core.errors import InputRefused
from brightspot.core.ids import derived_id
from brightspot.jobs import Job, JobFailed, Part, Split, Uploads
from brightspot.locations.answers import shared_answers
from brightspot.locations.batches.shapes import BatchError, Fault
from brightspot.locations.bulk.request import BulkParameters, BulkPart, part_in
from brightspot.locations.bulk.sheet import addresses_in
from brightspot.resilience import Deadline

CHUNK: Final = 25
_ADDRESS_SECONDS: Final = 9.0  # 25 of them end within a part's time, whatever their sources do
_FAILED: Final = Fault("Analysis failed", "the analysis failed twice; send the address again later")
_log = logging.getLogger(__name__)


def split(asked: BulkParameters, job: Job, uploads: Uploads) -> Split:
    """25 addresses a part. Raises JobFailed for a file that cannot be read."""
    addresses = asked.addresses if asked.upload is None else _uploaded(asked.upload, job.tenant, uploads)
    chunks = enumerate(batched(addresses or [], CHUNK, strict=False))
    parts = [_part(asked, number * CHUNK, chunk) for number, chunk in chunks]
    return Split(parts, sha256(codec.dumps([each.value for each in parts])).hexdigest())


def run(value: Any, job: Job, deadline: Deadline) -> bytes:
    """A line of JSON for each address: its analysis with its `index`, or a BatchError.

    Raises what the analyses raise when every one of them fails so: then the fault is in none of them.
    """
    part = part_in(value)
    found = [_line(part, at, job, deadline) for at in range(len(part.addresses))]
    failures = [each for each in found if isinstance(each, Exception)]
    if len(failures) == len(found):
        raise failures[0]
    return b"".join(
        (_failed(part, at) if isinstance(each, Exception) else each) + b"\n" for at, each in enumerate(found)
    )


def _line(part: BulkPart, at: int, job: Job, deadline: Deadline) -> bytes | Exception:
    """What is found for an address; what was raised twice, when that is not the address's own fault."""
    index, raised = part.first + at, Exception()
    for _ in range(2):
        try:
            found = shared_answers().answer(
                part.of(part.addresses[at]),
                deadline.within(_ADDRESS_SECONDS),
                tenant=job.tenant,
                analysis_id=derived_id(datetime.fromtimestamp(job.created_at, UTC), f"{job.id}/{index}"),
            )
            return b'{"index":%d,%b' % (index, found[1:])
        except InputRefused as refused:
            return _refused(index, part.addresses[at], Fault.of(refused))
        except Exception as error:  # noqa: BLE001  # whatever it was, the others have their turn
            _log.warning("bulk_address_failed", extra={"job": job.id, "index": index, "error": repr(error)})
            raised = error
    return raised


def _failed(part: BulkPart, at: int) -> bytes:
    return _refused(part.first + at, part.addresses[at], _FAILED)


def _refused(index: int, address: str, fault: Fault) -> bytes:
    told = {"error": fault.error, "reason": fault.reason, "field": fault.field, "understood": fault.understood}
    return codec.dumps(BatchError(index=index, address=address[:200], **told))  # type: ignore[arg-type]  # by their names


def _part(asked: BulkParameters, first: int, addresses: Sequence[str]) -> Part:
    weights = None if asked.weights is None else dict(asked.weights)
    part = BulkPart(first, list(addresses), asked.radius_miles, asked.persona, weights)
    return Part(asdict(part), len(addresses))


def _uploaded(upload: str, tenant: str, uploads: Uploads) -> list[str]:
    body = uploads.read(tenant, upload)
    if body is None:
        raise JobFailed("File unreadable", "the upload is deleted by now; upload the file again")
    return addresses_in(body)
