"""The root of every error Brightspot raises on purpose.

BrightspotError
├── SettingsError       the operator set something wrong
├── InputRefused        the caller sent something wrong
│   ├── AddressError    (brightspot.locations)
│   └── RequestRefused  (brightspot.locations)
├── AccessRefused       the caller may not pass (brightspot.security)
│   ├── AuthenticationRequired
│   ├── TokenRefused
│   └── Forbidden
├── CircuitOpenError    a call that was not made (brightspot.resilience)
├── StoreUnavailable    the shared store is away (brightspot.valkey)
├── TableUnavailable    the database is away (brightspot.store)
└── DatasetUnavailable  (brightspot.locations)
"""

from collections.abc import Mapping


class BrightspotError(Exception):
    """Base of all errors that the library raises by intent; anything else that escapes is a defect."""


class SettingsError(BrightspotError):
    """The environment holds a setting that cannot be used; the message names it and says what it takes."""


class InputRefused(BrightspotError):
    """What the caller sent cannot be used: `field` names it, `detail` says what to send instead.

    `title` is the short stable text of the refusal, `understood` what was made of the input, if anything.
    """

    title = "Validation failed"

    def __init__(self, field: str, detail: str, understood: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.field = field
        self.detail = detail
        self.understood = understood
