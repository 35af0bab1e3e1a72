"""A report of an analysis: of one that the history remembers, or of one at hand."""

from dataclasses import dataclass
from typing import Final

from brightspot.core.errors import NotFinished, NotFound
from brightspot.core.ids import is_id
from brightspot.core.snapshots import load_before_snapshot
from brightspot.locations.analysis import decode
from brightspot.locations.past.backend import history
from brightspot.locations.past.seam import History
from brightspot.locations.request import RequestRefused
from brightspot.security import SHARED_TENANT

REPORT_FORMATS: Final = ("html", "json", "csv")
_MEDIA_TYPES: Final = {"html": "text/html; charset=utf-8", "json": "application/json", "csv": "text/csv; charset=utf-8"}

load_before_snapshot("brightspot.locations.report.rows")  # the page is, as a name of the face


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it leaves; `filename` is what to save it as."""

    body: bytes
    media_type: str
    filename: str


def report_of(body: bytes, form: str) -> Report:
    """The report of an analysis in JSON, as html, json or csv. Raises msgspec.DecodeError for what is no analysis."""
    analysis = decode(body)
    if form == "html":
        from brightspot.locations.report.page import page_of  # noqa: PLC0415  # rows need no page

        made = page_of(analysis)
    elif form == "csv":
        from brightspot.locations.report.rows import csv_of  # noqa: PLC0415

        made = csv_of(analysis)
    else:
        made = body
    return Report(made, _MEDIA_TYPES[form], f"brightspot-{analysis.id}.{form}")


def stored_report(analysis_id: str, form: str, kept: History | None = None, *, tenant: str = SHARED_TENANT) -> Report:
    """The report of an analysis that is remembered for a tenant.

    Raises RequestRefused for what is no id, NotFound for an analysis that is not remembered, no more, or for another
    tenant, NotFinished for one that failed, and TableUnavailable when the history cannot be read.
    """
    if not is_id(analysis_id):
        raise RequestRefused(
            "id", "send the `id` of an analysis: 26 digits and capitals, such as 01M8FTPAPXTRJCZ9SSRWNKKHHA"
        )
    found = (kept or history()).stored(analysis_id, tenant)
    if found is None:
        raise NotFound(
            "there is no such analysis: it was never made, or it is forgotten by now; GET /api/v1/history lists those "
            "that are remembered, POST /api/v1/analyze makes a new one"
        )
    if found.body is None:
        raise NotFinished(
            f"this analysis failed ({found.reason or 'no reason was kept'}), so there is nothing to report; send its "
            "address to POST /api/v1/analyze again"
        )
    return report_of(found.body, form)
