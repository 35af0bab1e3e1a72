"""One line of a result: an address with its scores, its whole analysis, or why it has none."""

from brightspot.core import codec
from brightspot.core.errors import InputRefused
from brightspot.locations.addresses.errors import shortened
from brightspot.locations.analysis import Analysis
from brightspot.locations.mass.shapes import Detail, Row

_LONGEST_ECHO = 200


def lacks(analysis: Analysis) -> list[str]:
    """The collectors that did not do their part."""
    return [name for name, each in analysis.performance.collectors.items() if each.status != "ok"]


def line_of(row: Row, analysis: Analysis, detail: Detail) -> bytes:
    """JSON, with the number of the row first: its scores and place, or the analysis as the HTTP API answers it."""
    if detail == "whole":
        return b'{"row":%d,%b\n' % (row.row, codec.dumps(analysis)[1:])
    place = analysis.location
    told = {
        "row": row.row,
        "address": row.address,
        "overall_score": analysis.overall_score,
        "confidence": analysis.confidence,
        **{name: each.score for name, each in analysis.categories.items()},
        "zip": place.zip,
        "city": place.city,
        "state": place.state,
        "county": place.county,
        "lat": place.lat,
        "lon": place.lon,
        "precision": place.precision,
        "uncertainty_miles": place.uncertainty_miles,
        "lacks": lacks(analysis),
        "model": analysis.model.version,
    }
    return codec.dumps(told) + b"\n"


def line_of_refused(row: Row, refused: InputRefused) -> bytes:
    """Why the address has no analysis, and what to send instead."""
    return _without(row, refused.title, refused.detail, dict(refused.understood or {}))


def line_of_failed(row: Row, error: Exception) -> bytes:
    """That its analysis failed, and by what."""
    return _without(row, "Analysis failed", f"the analysis failed ({type(error).__name__}); send it again later", {})


def _without(row: Row, error: str, reason: str, understood: dict[str, str]) -> bytes:
    address = shortened(row.address, _LONGEST_ECHO)
    told = {"row": row.row, "address": address, "error": error, "reason": reason, "understood": understood}
    return codec.dumps(told) + b"\n"
