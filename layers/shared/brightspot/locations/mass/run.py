"""The two ends of a mass run: whether it can be done at all, and what has come of it."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from brightspot.core import codec
from brightspot.locations.mass.settings import MassSettings
from brightspot.locations.mass.shapes import Asked, BatchDone, Begun, Limits, Question, Run, RunDone
from brightspot.locations.request import RequestRefused
from brightspot.store import Bucket

_IN: Final = "in/"
_COLUMN: Final = "address"
_HEADER_BYTES: Final = 10_000  # the longest header that Step Functions reads (docs.aws.amazon.com, ItemReader)
_MOST_BYTES: Final = 10 * 10**9  # of a CSV file (docs.aws.amazon.com, Step Functions quotas)
_MOST_ROWS: Final = 1_000  # of a batch: more take longer than the function has
_MOST_AT_ONCE: Final = 10_000  # child executions of one map run (docs.aws.amazon.com, Step Functions quotas)

_dones = msgspec.json.Decoder(list[BatchDone])


class RunRefused(RequestRefused):
    """A mass run that cannot be done: the message says what to start it with."""


class RunEnds:
    """The first and the last state, over the bucket that both read and write."""

    def __init__(self, bucket: Bucket, settings: MassSettings) -> None:
        self._bucket = bucket
        self._settings = settings

    def begin(self, asked: Asked, run_id: str, started_at: str) -> Begun:
        """What the run goes by. Raises RunRefused, RequestRefused, BucketUnavailable: before any batch is paid for."""
        question = Question(asked.radius_miles, asked.persona, asked.weights, asked.detail, asked.record)
        question.of("")
        limits = self._limits(asked)
        self._check_file(asked.key)
        run = Run(run_id, started_at, question)
        return Begun(run, asked.key, limits, manifest=f"{run.folder}/map")

    def finish(self, begun: Begun, manifest_key: str) -> RunDone:
        """Add up what the batches told, write it to `summary.json` beside their results, and return it.

        Raises BucketUnavailable.
        """
        files: Mapping[str, list[dict[str, Any]]] = self._read(manifest_key)["ResultFiles"]
        every = [each for file in files.get("SUCCEEDED", ()) for each in _dones.decode(self._body(file["Key"]))]
        done = {each.key: each for each in every}.values()  # a batch that ran twice is one
        results = f"{begun.run.folder}/rows/"
        lost = [rows for file in files.get("FAILED", ()) for rows in _rows_lost(self._read(file["Key"]))]
        scored, refused = sum(each.scored for each in done), sum(each.refused for each in done)
        unanswered = sum(lost)
        rows = scored + refused + unanswered
        told = RunDone(
            run=begun.run.id,
            key=begun.key,
            rows=rows,
            scored=scored,
            refused=refused,
            incomplete=sum(each.incomplete for each in done),
            unanswered=unanswered,
            failed_share=round((refused + unanswered) / rows, 6) if rows else None,
            batches=len(done) + len(lost),
            failed_batches=len(lost),
            results=results,
            objects=len(self._bucket.listed(results)),
            manifest=manifest_key,
        )
        self._bucket.put(f"{begun.run.folder}/summary.json", codec.dumps(told), "application/json")
        return told

    def _limits(self, asked: Asked) -> Limits:
        at_once = self._settings.at_once if asked.at_once is None else asked.at_once
        tolerated = asked.tolerated_failure_percentage
        tolerated = self._settings.tolerated_percent if tolerated is None else tolerated
        if not 1 <= asked.rows_per_batch <= _MOST_ROWS:
            raise RunRefused("rows_per_batch", f"send 1 to {_MOST_ROWS:,} rows")
        if not 1 <= at_once <= _MOST_AT_ONCE:
            raise RunRefused("at_once", f"send 1 to {_MOST_AT_ONCE:,} batches")
        if not 0 <= tolerated <= 100:  # noqa: PLR2004  # percent
            raise RunRefused("tolerated_failure_percentage", "send 0 to 100 percent")
        return Limits(asked.rows_per_batch, at_once, tolerated)

    def _check_file(self, key: str) -> None:
        if not key.startswith(_IN):
            raise RunRefused("key", f"send the key of a CSV file below {_IN}, not {key[:80]!r}")
        sizes = {each["Key"]: each["Size"] for each in self._bucket.listed(key)}
        if key not in sizes:
            raise RunRefused("key", f"there is no object {key[:80]!r} in the bucket of mass runs")
        if sizes[key] > _MOST_BYTES:
            raise RunRefused("key", f"the file has {sizes[key]:,} bytes; send at most {_MOST_BYTES:,}")
        start = self._bucket.beginning(key, _HEADER_BYTES) or b""
        columns = next(csv.reader(io.StringIO(start.decode(errors="replace"), newline="")), [])
        if _COLUMN not in columns:
            found = ", ".join(repr(each) for each in columns)[:200] or "none"
            raise RunRefused("key", f"the file needs a header with a column {_COLUMN!r}; its columns are {found}")

    def _read(self, key: str) -> Any:
        return codec.loads(self._body(key))

    def _body(self, key: str) -> bytes:
        body = self._bucket.get(key)
        if body is None:
            raise RunRefused("manifest", f"there is no object {key[:80]!r} in the bucket of mass runs")
        return body


def _rows_lost(executions: list[dict[str, Any]]) -> Iterator[int]:
    """How many rows each child execution was given that failed; a file of them has their inputs as text."""
    for each in executions:
        yield len(codec.loads(each["Input"])["Items"])
