"""Scores one batch of a mass run and writes its lines; done again, it writes the same object anew."""

import gzip
import logging
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Final

from brightspot.core.errors import BrightspotError, InputRefused
from brightspot.core.ids import derived_id
from brightspot.locations.dataset.file import DatasetUnavailable
from brightspot.locations.mass.lines import lacks, line_of, line_of_failed, line_of_refused
from brightspot.locations.mass.shapes import Batch, BatchDone, Row, Run
from brightspot.resilience import Deadline
from brightspot.store import AwsUnavailable, Bucket

if TYPE_CHECKING:
    from brightspot.locations.analysis_service import AnalysisService

_NDJSON: Final = "application/x-ndjson"
_log = logging.getLogger(__name__)


class BatchLate(BrightspotError):
    """The batch was not scored in its time; nothing of it was written."""


class BatchScorer:
    """An address that cannot be scored is a line of the result; what keeps all of them from it is raised."""

    def __init__(self, analyses: "AnalysisService", bucket: Bucket) -> None:
        self._analyses = analyses
        self._bucket = bucket

    def score(self, batch: Batch, deadline: Deadline) -> BatchDone:
        """Write one object of gzipped lines, whose key depends on the run and the batch alone.

        Raises BatchLate, DatasetUnavailable, BucketUnavailable, and whatever it was when every analysis failed.
        """
        run, came = batch.run, Counter[str]()
        lines: list[bytes] = []
        broken: list[Exception] = []
        for row in batch.items:
            if deadline.remaining() <= 0:
                raise BatchLate(f"{len(lines)} of {len(batch.items)} rows were scored in time")
            line, what = self._scored(run, row, deadline, broken)
            lines.append(line)
            came[what] += 1
        if broken and len(broken) == len(batch.items):
            raise broken[-1]  # it is not the addresses
        first = batch.items[0].row
        key = f"{run.folder}/rows/{first:09}.jsonl.gz"
        self._bucket.put(key, gzip.compress(b"".join(lines), compresslevel=6, mtime=0), _NDJSON)
        scored = came["scored"] + came["incomplete"]
        done = BatchDone(first, scored, came["refused"], came["incomplete"], key)
        _log.info("mass_batch_done", extra={"run": run.id, "first_row": first, "rows": len(lines), "scored": scored})
        return done

    def _scored(self, run: Run, row: Row, deadline: Deadline, broken: list[Exception]) -> tuple[bytes, str]:
        """A line, and what has come of the row: scored, incomplete or refused."""
        asked = run.question
        try:
            analysis = self._analyses.analyze(
                asked.of(row.address), deadline, analysis_id=_id_of(run, row), recorded=asked.record
            )
        except InputRefused as refused:
            return line_of_refused(row, refused), "refused"
        except (AwsUnavailable, DatasetUnavailable):
            raise
        except Exception as error:  # noqa: BLE001  # whatever it was, the other addresses have their turn
            _log.exception("mass_row_failed", extra={"run": run.id, "row": row.row})
            broken.append(error)
            return line_of_failed(row, error), "refused"
        return line_of(row, analysis, asked.detail), "incomplete" if lacks(analysis) else "scored"


def _id_of(run: Run, row: Row) -> str:
    """The same however often the row is scored, so that the history has it once."""
    return derived_id(datetime.fromisoformat(run.started_at), f"{run.id}/{row.row}")
