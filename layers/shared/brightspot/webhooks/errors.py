"""How a webhook can fail."""

from brightspot.core.errors import BrightspotError
from brightspot.core.kinds import EXTERNAL_SERVICE


class WebhookFailed(BrightspotError):
    """A message was not taken; the message says why, and never the URL, which may hold a secret.

    `again` is None when trying again at once is useless, else how many seconds the target asks to wait before (0: it
    did not say).
    """

    kind = EXTERNAL_SERVICE

    def __init__(self, reason: str, *, again: float | None = None) -> None:
        super().__init__(reason)
        self.again = again
