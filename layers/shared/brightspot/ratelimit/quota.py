"""What is asked about a request: a limit, by the name clients see, at whoever is counted under it."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from brightspot.ratelimit.limit import Limit
from brightspot.ratelimit.subject import key_safe

_POLICY = re.compile(r"[a-z0-9_-]{1,40}")


class Quota(NamedTuple):
    """`limit` of `policy` for `subject`, who has it alone."""

    policy: str
    limit: Limit
    subject: str

    @property
    def identity(self) -> str:
        """Policy and subject, at most 141 characters that can stand inside a hash tag.

        Raises ValueError for a policy name that is not made of [a-z0-9_-].
        """
        if not _POLICY.fullmatch(self.policy):
            raise ValueError(f"a policy name is made of a-z, 0-9, _ and -, not {self.policy!r}")
        return f"{self.policy}:{key_safe(self.subject)}"


def quotas(policy: str, limit: Limit, subjects: Sequence[str]) -> list[Quota]:
    """The same limit for each of several subjects."""
    return [Quota(policy, limit, each) for each in dict.fromkeys(subjects)]
