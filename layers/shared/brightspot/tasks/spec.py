"""What was submitted and what came of it, as the two packed attributes of a task's row."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from backports import zstd

from brightspot.core import codec
from brightspot.core.clock import rfc3339_ms
from brightspot.core.errors import InputRefused
from brightspot.tasks.errors import PermanentTaskError
from brightspot.tasks.shapes import TaskAttempt, TaskFailure

MOST_ARGUMENT_BYTES: Final = 200_000
MOST_RESULT_BYTES: Final = 100_000  # with the arguments well below the 400 KB that an item may have
_PACKED_FROM: Final = 1_000
_MOST_ATTEMPTS: Final = 20
_MOST_ERROR: Final = 500
_ZSTD: Final = b"\x28\xb5\x2f\xfd"  # how a frame begins (RFC 8878, section 3.1.1), and no JSON object does


class Spec(msgspec.Struct, frozen=True, omit_defaults=True):
    """Never changes. `path` is the function's address where one was sent; `at` is when it was submitted."""

    at: str
    args: Sequence[Any] = ()
    kwargs: Mapping[str, Any] = {}
    path: str | None = None
    timeout: float | None = None
    tenant: str = ""
    depends_on: Sequence[str] = ()
    correlation_id: str | None = None


class Log(msgspec.Struct, frozen=True, omit_defaults=True):
    """What came of it; times are RFC 3339."""

    started_at: str | None = None
    finished_at: str | None = None
    attempts: tuple[TaskAttempt, ...] = ()
    error: TaskFailure | None = None
    result: Any = None

    def failed(self, attempt: int, at: str, error: str) -> "Log":
        """With one more attempt that failed."""
        latest = (*self.attempts, TaskAttempt(attempt, at, error[:_MOST_ERROR]))[-_MOST_ATTEMPTS:]
        return msgspec.structs.replace(self, attempts=latest)


_specs = msgspec.json.Decoder(Spec)
_logs = msgspec.json.Decoder(Log)


def packed_spec(spec: Spec, name: str) -> bytes:
    """As the row has it. Raises InputRefused when it is too long, or no JSON."""
    try:
        data = codec.dumps(spec)
    except (TypeError, ValueError, msgspec.MsgspecError) as error:
        raise InputRefused("args", f"{name}: an argument is no JSON ({error}); send its id, or its text") from error
    if len(data) > MOST_ARGUMENT_BYTES:
        told = f"{name}: its arguments are {len(data)} bytes of JSON, and {MOST_ARGUMENT_BYTES} are the most"
        raise InputRefused("args", f"{told}; put them into S3, and send where they are")
    return _packed(data)


def packed_log(log: Log) -> bytes:
    """As the row has it. Raises PermanentTaskError when its result is too long, or no JSON."""
    try:
        data = codec.dumps(log)
    except (TypeError, ValueError, msgspec.MsgspecError) as error:
        raise PermanentTaskError(f"its result is no JSON ({error}); return an id, or text") from error
    if len(data) > MOST_RESULT_BYTES:
        told = f"its result is {len(data)} bytes of JSON, and {MOST_RESULT_BYTES} are the most"
        raise PermanentTaskError(f"{told}; put it into S3, and return where it is")
    return _packed(data)


def spec_in(data: bytes) -> Spec:
    """What was submitted."""
    return _specs.decode(_unpacked(data))


def log_in(data: bytes) -> Log:
    """What came of it."""
    return _logs.decode(_unpacked(data))


def told(milliseconds: int) -> str | None:
    """A time of a row in RFC 3339; None for 0."""
    return rfc3339_ms(datetime.fromtimestamp(milliseconds / 1000, UTC)) if milliseconds else None


def milliseconds(at: datetime) -> int:
    """A time as rows have it."""
    return round(at.timestamp() * 1000)


def _packed(data: bytes) -> bytes:
    return zstd.compress(data) if len(data) >= _PACKED_FROM else data


def _unpacked(data: bytes) -> bytes:
    return zstd.decompress(data) if data.startswith(_ZSTD) else data
