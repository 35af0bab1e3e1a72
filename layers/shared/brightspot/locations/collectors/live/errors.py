"""How a live source can fail; whoever asks it falls back to the embedded data."""

from brightspot.core.errors import BrightspotError
from brightspot.core.kinds import EXTERNAL_SERVICE


class SourceFailed(BrightspotError):
    """A live source gave no answer that can be used; the message says why, in words for people.

    `status` is the HTTP status, if there was one. `again` is None when asking again at once is useless, else how many
    seconds the provider asks to wait before (0: it did not say).
    """

    kind = EXTERNAL_SERVICE

    def __init__(self, reason: str, *, status: int | None = None, again: float | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.again = again


class QuotaUsedUp(SourceFailed):
    """The provider may not be asked now; it was not, so this says nothing about its health."""


class SourceSilent(BrightspotError):
    """A live source has nothing to say about this site, which is no failure; the message says why."""
