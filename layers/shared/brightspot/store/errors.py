"""What goes wrong with tables and queues.

AwsUnavailable
├── TableUnavailable  a DynamoDB table
├── QueueUnavailable  an SQS queue
├── BucketUnavailable an S3 bucket
├── SecretUnavailable a secret of Secrets Manager
└── ScheduleUnavailable a schedule of EventBridge Scheduler
"""

from typing import Self

from brightspot.core.errors import BrightspotError
from brightspot.core.kinds import DATABASE
from brightspot.telemetry import DATABASE_ERRORS, count


class AwsUnavailable(BrightspotError):
    """A table, queue or bucket did not do what it was asked: throttled, down, denied, absent; the message says which.

    Making one counts it, whatever becomes of it: one that the outbox makes good must be seen too. `code` is what the
    service answered; None when it did not answer.
    """

    kind = DATABASE

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        count(DATABASE_ERRORS)

    @classmethod
    def because(cls, name: str, error: Exception) -> Self:
        """Name the table or queue, and the service's error code or the kind of failure."""
        code = error_code(error)
        return cls(f"{name}: {code or type(_cause(error)).__name__}", code)


def error_code(error: Exception) -> str | None:
    """The code that the service answered with; None when it did not answer.

    pynamodb's own `cause_response_code` breaks on a connection that failed.
    """
    response = getattr(_cause(error), "response", None) or {}
    code: str | None = response.get("Error", {}).get("Code")
    return code


def _cause(error: Exception) -> Exception:
    return getattr(error, "cause", None) or error


class TableUnavailable(AwsUnavailable):
    """A DynamoDB table cannot be used now."""


class QueueUnavailable(AwsUnavailable):
    """An SQS queue cannot be used now."""


class BucketUnavailable(AwsUnavailable):
    """An S3 bucket cannot be used now."""


class SecretUnavailable(AwsUnavailable):
    """A secret cannot be read now."""


class ScheduleUnavailable(AwsUnavailable):
    """A schedule of EventBridge Scheduler cannot be made, read or changed now."""
