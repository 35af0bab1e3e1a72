"""The shapes of a batch: what callers see of it, what is remembered, and what its messages carry."""

from typing import Literal, Self

import msgspec

from brightspot.core.errors import InputRefused
from brightspot.locations.analysis import Analysis


class BatchedAnalysis(Analysis, frozen=True, kw_only=True, omit_defaults=True):
    """The analysis of the address at `index` of the request, counted from 0."""

    index: int


class BatchError(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The address at `index` of the request has no analysis.

    `error` is a short stable text, `reason` says why, and what to send instead. `understood` is what was read from the
    address, if anything was.
    """

    index: int
    address: str
    error: str
    reason: str
    field: str | None = None
    understood: dict[str, str] | None = None


class BatchProgress(msgspec.Struct, frozen=True):
    """How far a batch has come: `done` of `total` addresses have an analysis or an error."""

    id: str
    status: Literal["running", "completed"]
    total: int
    done: int
    created_at: str


class BatchAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a batch has found, in the order of the request: its analyses in `results`, its refusals in `errors`.

    The figures are those of the whole batch. `results` and `errors` are those of one page: `next_cursor` asks for the
    page after it and is null on the last. `id` and the times are absent where nothing was left to wait for.
    """

    id: str | None = None
    status: Literal["running", "completed"]
    created_at: str | None = None
    age_seconds: float | None = None
    total: int
    done: int
    successful: int
    failed: int
    results: list[BatchedAnalysis]
    errors: list[BatchError]
    next_cursor: str | None


class Fault(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why there is no analysis, whatever the position of the address."""

    error: str
    reason: str
    field: str | None = None
    understood: dict[str, str] | None = None

    @classmethod
    def of(cls, refused: InputRefused) -> Self:
        """The caller's own fault."""
        return cls(refused.title, refused.detail, refused.field, dict(refused.understood or {}) or None)


Found = bytes | Fault
"""An analysis as the bytes that leave, or why there is none."""


class Slot(msgspec.Struct, frozen=True):
    """One distinct question of a batch, by the first of the addresses that ask it, and the id of its analysis."""

    address: str
    analysis_id: str


class Plan(msgspec.Struct, frozen=True):
    """Which questions a batch asks: `places` gives, for each of `addresses`, the number of its slot or its fault."""

    addresses: list[str]
    places: list[int | Fault]
    slots: list[Slot]
    radius_miles: float
    persona: str
    weights: dict[str, float] | None


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """One batch as it is remembered; times are Unix seconds.

    From `answer_by` on what has no answer is an error.
    """

    id: str
    tenant: str
    created_at: float
    answer_by: float
    expires_at: int
    plan: Plan

    def pending(self, answered: frozenset[int]) -> frozenset[int]:
        """The slots that have no answer yet."""
        return frozenset(range(len(self.plan.slots))) - answered


class Claim(msgspec.Struct, frozen=True):
    """An idempotency key (hashed, with whose it is) stands for one batch, of the request with this fingerprint."""

    key: str
    batch: str
    fingerprint: str
    expires_at: int


class BatchItem(msgspec.Struct, frozen=True):
    """The body of a message: analyse one slot of a batch. Its answer is kept until `expires_at` (Unix seconds)."""

    batch: str
    slot: int
    address: str
    radius_miles: float
    persona: str
    weights: dict[str, float] | None
    tenant: str
    analysis_id: str
    expires_at: int
