"""The root of every error Brightspot raises on purpose.

BrightspotError
├── SettingsError       the operator set something wrong
├── InputRefused        the caller sent something wrong
│   ├── AddressError    (brightspot.locations)
│   └── RequestRefused  (brightspot.locations)
├── NotFound            what the caller asked for by its id is not there
├── NotFinished         it is there, but came to nothing
├── Conflict            what was asked for meets what is there already
├── AccessRefused       the caller may not pass (brightspot.security)
│   ├── AuthenticationRequired
│   ├── TokenRefused
│   └── Forbidden
├── LoginDelayed        too many logins have failed (brightspot.intrusion)
├── CircuitOpenError    a call that was not made (brightspot.resilience)
├── BulkheadFull        a call that was not made (brightspot.resilience)
├── OperationTimeout    a call that did not end in time (brightspot.resilience)
├── NoWayLeft           every way to an answer failed (brightspot.resilience)
├── JobQueueFull        too many jobs are unfinished (brightspot.jobs)
├── JobFailed           a job came to nothing (brightspot.jobs)
├── StoreUnavailable    the shared store is away (brightspot.valkey)
├── ComputeTimedOut     a value was not computed in time (brightspot.cache)
├── NotKeepable         what a function returned cannot be kept (brightspot.cache)
├── TableUnavailable    the database is away (brightspot.store)
├── DatasetUnavailable  (brightspot.locations)
├── BatchLate           a batch of a mass run was not scored in its time (brightspot.locations)
├── SourceFailed        a live source gave nothing that can be used (brightspot.locations)
└── SourceSilent        a live source has nothing to say about a site (brightspot.locations)
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from brightspot.core.kinds import INTERNAL, VALIDATION, ErrorKind


class BrightspotError(Exception):
    """Base of all errors that the library raises by intent; anything else that escapes is a defect.

    `kind` is what it means to callers, logs and retries (`brightspot.core.kinds`).
    """

    kind: ClassVar[ErrorKind] = INTERNAL


class SettingsError(BrightspotError):
    """The environment holds a setting that cannot be used; the message names it and says what it takes."""


class InputRefused(BrightspotError):
    """What the caller sent cannot be used: `field` names it, `detail` says what to send instead.

    `title` is the short stable text of the refusal, `understood` what was made of the input, if anything.
    """

    kind = VALIDATION
    title = "Validation failed"

    def __init__(self, field: str, detail: str, understood: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.field = field
        self.detail = detail
        self.understood = understood


class NotFound(BrightspotError):
    """What was asked for by its id is not there, for this caller; the message says so and what to do instead."""

    kind = replace(VALIDATION, status=404)


class Conflict(BrightspotError):
    """What was asked for meets what is there already; the message says what and what to do instead."""

    kind = replace(VALIDATION, status=409)


class NotFinished(BrightspotError):
    """What was asked for by its id was begun and came to nothing; the message says why and what to do instead."""

    kind = replace(VALIDATION, status=409)
