"""Who may keep the answers of a function, and what they are known again by."""

import msgspec

from brightspot.http.conditional import entity_tag


class Reuse(msgspec.Struct, frozen=True):
    """What a function's entry declares of its 200 answers to GET; all others are `no-store`.

    `kept` is their Cache-Control: by default only the caller itself keeps an answer, and asks each time whether it is
    still true. They have an ETag unless `tagged` is off; members of their JSON that are named in `ages`, wherever they
    stand, grow with time alone and do not count for it.
    """

    kept: str = "private, no-cache"
    ages: tuple[str, ...] = ()
    tagged: bool = True

    def tag(self, body: bytes) -> str | None:
        """The ETag of an answer, None when it has none."""
        return entity_tag(body, self.ages) if self.tagged else None
