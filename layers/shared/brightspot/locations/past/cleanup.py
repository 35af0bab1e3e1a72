"""Deletes the analyses that are older than the history keeps them, beside DynamoDB's own expiry."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from itertools import batched
from typing import Any

from brightspot.core.clock import Clock, SystemClock
from brightspot.core.settings import load
from brightspot.locations.past.backend import HistorySettings, history
from brightspot.locations.past.seam import History
from brightspot.resilience import Deadline
from brightspot.store.deletions import MOST_DELETED
from brightspot.telemetry import ANALYSES_DELETED, count

_log = logging.getLogger(__name__)


def clean_history(
    deadline: Deadline, kept: History | None = None, clock: Clock | None = None, *, dry_run: bool = False
) -> Mapping[str, Any]:
    """Delete what was made more than HISTORY_RETENTION_DAYS ago; how many `deleted`, and whether that `finished` it.

    A dry run deletes nothing, and tells how many would be.

    It stops at the deadline; the next run finds what is left, since it asks the index anew. So it may also fail, be
    repeated or run twice at a time: deleting again changes nothing. An analysis that somebody else deletes in the same
    moment is counted by both, for DynamoDB does not tell a batch what was there. Raises TableUnavailable.
    """
    chosen = kept or history()
    moment = (clock or SystemClock()).now() - timedelta(days=load(HistorySettings).retention_days)
    told: dict[str, Any] = {"deleted": 0, "finished": False}
    count(ANALYSES_DELETED, 0)
    try:
        for ids in batched(chosen.made_before(moment), MOST_DELETED, strict=False):
            if not deadline.remaining():
                return told
            if not dry_run:
                chosen.forget(ids, deadline)
                count(ANALYSES_DELETED, len(ids))
            told["deleted"] += len(ids)
        told["finished"] = True
    finally:
        made_before = moment.isoformat(timespec="seconds")
        _log.info("history_cleaned", extra={**told, "dry_run": dry_run, "made_before": made_before})
    return told
