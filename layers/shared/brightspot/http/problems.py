"""The error contract: RFC 9457 problem details, the same for every refusal and failure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from brightspot.core import codec
from brightspot.core.kinds import DATABASE
from brightspot.core.masking import masked
from brightspot.security import AccessRefused, KeyUnchecked

MEDIA_TYPE = "application/problem+json"
_TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    413: "Content Too Large",
    414: "URI Too Long",
    415: "Unsupported Media Type",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal or failure.

    `error` is a short stable text, `error_class` the name of one of `brightspot.core.kinds`; `errors` lists
    the fields at fault as `{field, message}`.
    """

    status: int
    error: str
    detail: str
    error_class: str = "validation"
    errors: list[dict[str, str]] = field(default_factory=list)
    understood: Mapping[str, str] | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def body(self, instance: str, request_id: str) -> bytes:
        """The JSON body; members that do not apply are absent, and what looks like a secret is masked."""
        told: dict[str, object] = {
            "type": f"urn:brightspot:problem:{self.error.lower().replace(' ', '-')}",
            "title": _TITLES.get(self.status, "Error"),
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
            "error": self.error,
            "error_class": self.error_class,
            "request_id": request_id,
        }
        if self.errors:
            told["errors"] = self.errors
        if self.understood is not None:
            told["understood"] = self.understood
        return masked(codec.dumps(told).decode()).encode()


def access_problem(refused: AccessRefused) -> Problem:
    """What a caller is told who may not pass."""
    if isinstance(refused, KeyUnchecked):
        return Problem(503, "Key not checked", str(refused), error_class=DATABASE.name, headers={"Retry-After": "5"})
    title = "Forbidden" if refused.status == 403 else "Authentication required"  # noqa: PLR2004  # HTTP's own number
    challenge = {"WWW-Authenticate": refused.challenge}
    return Problem(refused.status, title, str(refused), error_class="authentication", headers=challenge)
