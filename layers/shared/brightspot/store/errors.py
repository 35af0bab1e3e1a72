"""What goes wrong with tables and queues.

AwsUnavailable
├── TableUnavailable  a DynamoDB table
└── QueueUnavailable  an SQS queue
"""

from typing import Self

from brightspot.core.errors import BrightspotError


class AwsUnavailable(BrightspotError):
    """A table or queue did not do what it was asked: throttled, down, denied or not there; the message says which."""

    @classmethod
    def because(cls, name: str, error: Exception) -> Self:
        """Name the table or queue, and the service's error code or the kind of failure."""
        return cls(f"{name}: {error_code(error) or type(_cause(error)).__name__}")


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
