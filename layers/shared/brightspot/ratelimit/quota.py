"""What is asked about a request: a limit, by the name clients see, at whoever is counted under it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from brightspot.ratelimit.limit import Limit
from brightspot.ratelimit.subject import key_safe

_POLICY = re.compile(r"[a-z0-9_-]{1,40}")


@dataclass(frozen=True, slots=True)
class Quota:
    """`limit` of `policy` for `subject`, who has it alone. Raises ValueError for a policy not of [a-z0-9_-]."""

    policy: str
    limit: Limit
    subject: str

    def __post_init__(self) -> None:
        if not _POLICY.fullmatch(self.policy):
            raise ValueError(f"a policy name is made of a-z, 0-9, _ and -, not {self.policy!r}")

    @property
    def identity(self) -> str:
        """Policy and subject, at most 141 characters that can stand inside a hash tag."""
        return f"{self.policy}:{key_safe(self.subject)}"


def quotas(policy: str, limit: Limit, subjects: Sequence[str]) -> list[Quota]:
    """The same limit for each of several subjects."""
    return [Quota(policy, limit, each) for each in dict.fromkeys(subjects)]
