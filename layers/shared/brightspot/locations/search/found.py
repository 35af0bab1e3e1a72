"""One ZIP of a page, from the row that the dataset holds of it."""

from collections.abc import Mapping, Sequence
from itertools import batched
from typing import Any, Final

from brightspot.locations.dataset.points import CATEGORIES
from brightspot.locations.scoring.combine import CONFIDENCE_DIGITS, SCORE_DIGITS, Standing, combine
from brightspot.locations.search.filters import Filtered, Filters
from brightspot.locations.search.shapes import CategoryStanding, FoundValue, FoundZip

_OF_A_CATEGORY: Final = 3  # columns: score, status, confidence


def found_zip(
    rank: int, row: Sequence[Any], filters: Filters, weights: Mapping[str, float], miles: float | None
) -> FoundZip:
    """The row holds what `service` asks for: the place, then score, status and confidence by category, then values."""
    code, city, state, county, lat, lon, precision, market, *rest = row
    told, values = rest[: _OF_A_CATEGORY * len(CATEGORIES)], rest[_OF_A_CATEGORY * len(CATEGORIES) :]
    standings = {
        name: Standing(None if score is None else score / 10**SCORE_DIGITS, status, confidence / 10**CONFIDENCE_DIGITS)
        for name, (score, status, confidence) in zip(
            CATEGORIES, batched(told, _OF_A_CATEGORY, strict=True), strict=True
        )
    }
    combined = combine(standings, weights, precision)
    if combined.overall is None:
        raise ValueError(f"{code:05d} was ranked without a score")
    return FoundZip(
        rank=rank,
        zip=f"{code:05d}",
        city=city or "",
        state=state or "",
        county=county,
        lat=lat / 1e5,
        lon=lon / 1e5,
        overall_score=combined.overall,
        confidence=combined.confidence,
        categories={
            name: CategoryStanding(each.score, combined.weights[name], each.status, each.confidence)
            for name, each in standings.items()
        },
        values={
            name: _value(filtered, value, market)
            for (name, filtered), value in zip(filters.values.items(), values, strict=True)
        },
        miles=None if miles is None else round(miles, 2),
    )


def _value(filtered: Filtered, stored: int, market: str) -> FoundValue:
    """Where a labour market is a whole state, its figures say so."""
    field = filtered.field
    value = stored / 10**field.decimals if field.decimals else stored
    level = market if field.level == "metro" else field.level
    return FoundValue(value, field.unit, filtered.source, field.vintage, level, field.kind)  # type: ignore[arg-type]
