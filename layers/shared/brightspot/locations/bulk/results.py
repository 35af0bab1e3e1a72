"""Puts a bulk analysis together: a summary as JSON, the same as CSV, and every analysis in full.

The full analyses are never in memory together: parts come gzipped, and one behind the other they are a gzip file of
lines (RFC 1952, section 2.2). Of each line only what the summary tells is read.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from brightspot.core import codec
from brightspot.jobs import Job, Packed, ResultFile
from brightspot.locations.batches.shapes import BatchError
from brightspot.locations.dataset.points import CATEGORIES

RESULT: Final = "result.json"
TABLE: Final = "results.csv"
ANALYSES: Final = "analyses.jsonl.gz"
_COLUMNS: Final = (
    "index", "address", "overall_score", "confidence", *CATEGORIES, "zip", "city", "state", "precision", "analysis_id",
    "error",
)  # fmt: skip


class BulkScore(msgspec.Struct, frozen=True, kw_only=True):
    """The scores of the address at `index`, counted from 0; its whole analysis is in `analyses.jsonl.gz`."""

    index: int
    address: str
    id: str
    overall_score: float | None
    confidence: float
    categories: dict[str, float | None]
    zip: str | None
    city: str
    state: str
    precision: str


class BulkResult(msgspec.Struct, frozen=True):
    """What a bulk analysis found, in the order of its addresses: `errors` are those that could not be scored."""

    job: str
    total: int
    successful: int
    failed: int
    results: list[BulkScore]
    errors: list[BatchError]


class _Place(msgspec.Struct):
    zip: str | None
    city: str
    state: str
    precision: str


class _Category(msgspec.Struct):
    score: float | None


class _Line(msgspec.Struct):
    """What a summary tells of an analysis."""

    index: int
    address: str
    id: str | None = None
    overall_score: float | None = None
    confidence: float = 0.0
    categories: dict[str, _Category] = {}
    location: _Place | None = None


_lines = msgspec.json.Decoder(_Line)
_errors = msgspec.json.Decoder(BatchError)


def merge(job: Job, parts: Iterator[Packed]) -> Sequence[ResultFile]:
    """The three files. 10,000 analyses of 20 KB take about as much memory as their scores and the packed parts."""
    scores: list[BulkScore] = []
    errors: list[BatchError] = []
    packed = io.BytesIO()
    for part in parts:
        packed.write(part.packed)
        for line in part.body.splitlines():
            found = _lines.decode(line)
            if found.location is None:
                errors.append(_errors.decode(line))
            else:
                scores.append(_score(found, found.location))
    result = BulkResult(job.id, len(scores) + len(errors), len(scores), len(errors), scores, errors)
    return (
        ResultFile(RESULT, "application/json", codec.dumps(result)),
        ResultFile(TABLE, "text/csv; charset=utf-8", _table(scores, errors)),
        ResultFile(ANALYSES, "application/gzip", packed.getvalue()),
    )


def _score(found: _Line, place: _Place) -> BulkScore:
    return BulkScore(
        index=found.index,
        address=found.address,
        id=found.id or "",
        overall_score=found.overall_score,
        confidence=found.confidence,
        categories={name: each.score for name, each in found.categories.items()},
        zip=place.zip,
        city=place.city,
        state=place.state,
        precision=place.precision,
    )


def _table(scores: Sequence[BulkScore], errors: Sequence[BatchError]) -> bytes:
    """A row for each address in their order; empty where a value is not known."""
    rows = {each.index: _row(each) for each in scores}
    for each in errors:
        blank = [""] * (len(_COLUMNS) - 3)
        rows[each.index] = [each.index, each.address, *blank, f"{each.error}: {each.reason}"]
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow(_COLUMNS)
    lines.writerows(rows[index] for index in sorted(rows))
    return text.getvalue().encode()


def _row(score: BulkScore) -> list[object]:
    categories = [score.categories.get(name) for name in CATEGORIES]
    place = [score.zip, score.city, score.state, score.precision]
    return [score.index, score.address, score.overall_score, score.confidence, *categories, *place, score.id, ""]
