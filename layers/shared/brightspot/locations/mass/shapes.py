"""What the states of a mass run pass on: the run that is asked for, its batches, and what came of them.

Step Functions gives a state 256 KiB at most, so that addresses travel in batches and results by their key alone.
"""

from typing import Literal

import msgspec

from brightspot.locations.request import DEFAULT_PERSONA, DEFAULT_RADIUS_MILES, AnalyzeRequest

type Detail = Literal["scores", "whole"]


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The input of an execution: score each address of the CSV file under `key`, all the same way.

    `detail` is how much of each analysis is kept; `record` has all of them in the history, which a million writes
    pay for. What is None goes by the stack's settings.
    """

    key: str
    radius_miles: float = DEFAULT_RADIUS_MILES
    persona: str = DEFAULT_PERSONA
    weights: dict[str, float] | None = None
    detail: Detail = "scores"
    record: bool = False
    rows_per_batch: int = 100
    at_once: int | None = None
    tolerated_failure_percentage: float | None = None


class Question(msgspec.Struct, frozen=True):
    """What is asked about each address of a run."""

    radius_miles: float
    persona: str
    weights: dict[str, float] | None
    detail: Detail
    record: bool

    def of(self, address: str) -> AnalyzeRequest:
        """The question about one address. Raises RequestRefused."""
        return AnalyzeRequest(address, self.radius_miles, self.persona, self.weights)


class Run(msgspec.Struct, frozen=True):
    """Which run a batch is of, and what it asks; `started_at` is RFC 3339."""

    id: str
    started_at: str
    question: Question

    @property
    def folder(self) -> str:
        """What the keys of all that comes of the run begin with."""
        return f"out/{self.id}"


class Limits(msgspec.Struct, frozen=True):
    """What the map state goes by, under the names that it has in the definition."""

    rows_per_batch: int
    at_once: int
    tolerated_failure_percentage: float


class Begun(msgspec.Struct, frozen=True):
    """A run that can be done: the output of the first state. `manifest` is where the map state tells of its batches."""

    run: Run
    key: str
    limits: Limits
    manifest: str


class Row(msgspec.Struct, frozen=True):
    """One row of the file, counted from 0 below its header."""

    row: int
    address: str


class Batch(msgspec.Struct, frozen=True, rename={"items": "Items", "run": "BatchInput"}):
    """Some rows as ItemBatcher hands them out, with its BatchInput."""

    items: list[Row]
    run: Run


class BatchDone(msgspec.Struct, frozen=True):
    """What came of a batch: the output of each child execution.

    `scored` and `refused` are rows, `incomplete` those of the scored that lack a collector; `key` is where their
    lines are.
    """

    first_row: int
    scored: int
    refused: int
    incomplete: int
    key: str


class RunDone(msgspec.Struct, frozen=True):
    """What came of a run. `unanswered` are the rows of batches that failed; `failed_share` is theirs and the refused's.

    It is null for a file without rows. `objects` are the results that are there, one a batch: more of them than
    batches that succeeded are of batches that the manifest does not tell of.
    """

    run: str
    key: str
    rows: int
    scored: int
    refused: int
    incomplete: int
    unanswered: int
    failed_share: float | None
    batches: int
    failed_batches: int
    results: str
    objects: int
    manifest: str
