"""The seven kinds of error: what each is called, how severe it is, its HTTP status, and whether to try again."""

from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["low", "medium", "high", "critical"]


@dataclass(frozen=True, slots=True)
class ErrorKind:
    """`name` is the `error_class` of problem details and log events.

    `status` is the HTTP status unless the error itself has a finer one; `retryable` says that the same call may succeed
    later.
    """

    name: str
    severity: Severity
    status: int
    retryable: bool


VALIDATION: Final = ErrorKind("validation", "low", 422, retryable=False)
AUTHENTICATION: Final = ErrorKind("authentication", "medium", 401, retryable=False)
RATE_LIMIT: Final = ErrorKind("rate_limit", "low", 429, retryable=True)
EXTERNAL_SERVICE: Final = ErrorKind("external_service", "medium", 503, retryable=True)
DATABASE: Final = ErrorKind("database", "high", 503, retryable=True)
TIMEOUT: Final = ErrorKind("timeout", "medium", 504, retryable=True)
INTERNAL: Final = ErrorKind("internal", "critical", 500, retryable=False)

KINDS: Final = {
    each.name: each for each in (VALIDATION, AUTHENTICATION, RATE_LIMIT, EXTERNAL_SERVICE, DATABASE, TIMEOUT, INTERNAL)
}


def kind_of(error: BaseException) -> ErrorKind:
    """What an error says of itself, ours do; a TimeoutError is a timeout, a lost connection an external service.

    Anything else that escapes is a defect, and internal.
    """
    kind = getattr(error, "kind", None)
    if isinstance(kind, ErrorKind):
        return kind
    if isinstance(error, TimeoutError):
        return TIMEOUT
    return EXTERNAL_SERVICE if isinstance(error, ConnectionError) else INTERNAL
