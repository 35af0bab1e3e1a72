"""Searches all ZIPs: by stored category scores, so that no analysis is made."""

from collections.abc import Sequence
from typing import Any, Final

from brightspot.core import codec
from brightspot.core.errors import InputRefused
from brightspot.locations.analysis import Model
from brightspot.locations.dataset.file import Dataset, shared_dataset
from brightspot.locations.dataset.points import CATEGORIES
from brightspot.locations.gazetteer.locate import Gazetteer, shared_gazetteer
from brightspot.locations.model import MODEL_ID, MODEL_VARIANT, embedded_version
from brightspot.locations.search.areas import Area, area_of
from brightspot.locations.search.filters import Filters, compiled
from brightspot.locations.search.found import found_zip
from brightspot.locations.search.order import Order
from brightspot.locations.search.request import SearchRequest
from brightspot.locations.search.shapes import FoundZip, SearchResults, Skipped
from brightspot.store import decode_cursor, encode_cursor

_FROM: Final = "FROM zip_scores s LEFT JOIN zips z ON z.zip = s.zip"
_TOLD: Final = ", ".join(
    [
        "s.zip, z.city, z.state, k.name, z.lat, z.lon, d.precision, a.level",
        *(f"s.{name}, d.{name}_status, d.{name}_confidence" for name in CATEGORIES),
    ]
)


class SearchService:
    """Finds the best ZIPs of an area. Safe to share between threads."""

    def __init__(self, dataset: Dataset, gazetteer: Gazetteer) -> None:
        self._dataset = dataset
        self._gazetteer = gazetteer

    def search(self, request: SearchRequest) -> SearchResults:
        """One page of the best ZIPs. Their numbers are those of an analysis over the embedded data.

        Raises RequestRefused for an area or a filter that the data do not know, InputRefused for a bad cursor.
        """
        weights = request.category_weights()
        order = Order.by(weights)
        area = area_of(request, self._dataset, self._gazetteer)
        filters = compiled(request.filters, self._dataset, order)
        listing = request.listing(self._dataset.version)
        first = _position(listing, request.cursor)
        matched, skipped = self._counted(area, order, filters)
        codes = self._ranked(area, order, filters, request.limit, first)
        end = first + len(codes)
        return SearchResults(
            persona=request.persona_told,
            weights=weights,
            radius_miles=request.radius_miles,
            area=area.told,
            model=Model(MODEL_ID, embedded_version(self._dataset.version), MODEL_VARIANT),
            matched=matched,
            skipped=skipped,
            count=len(codes),
            results=self._told(codes, first, area, filters, weights),
            next_cursor=encode_cursor(listing, str(end)) if codes and end < matched else None,
        )

    def _counted(self, area: Area, order: Order, filters: Filters) -> tuple[int, Skipped]:
        judged = f"SELECT {order.scored} AS scored, {filters.condition} AS fits {_FROM} {filters.joins}"
        sql = (
            "SELECT count(*) FILTER (WHERE scored AND fits), count(*) FILTER (WHERE NOT scored), "
            f"count(*) FILTER (WHERE scored AND fits IS NULL) FROM ({judged} WHERE {area.condition})"
        )
        parameters = (*order.scored_parameters, *filters.parameters, *area.parameters)
        # nosemgrep: sql-from-text  # conditions of ours (`area`, `order`, `filters`); what was asked for are parameters
        matched, unscored, unknown = self._dataset.rows(sql, parameters)[0]
        sql = f"SELECT count(*) FROM zips z WHERE NOT ifnull(z.population, 0) > 0 AND {area.condition}"
        empty = self._dataset.rows(sql, area.parameters)[0][0]  # nosemgrep: sql-from-text  # as above
        return matched, Skipped(empty, unscored, unknown)

    def _ranked(self, area: Area, order: Order, filters: Filters, limit: int, first: int) -> list[int]:
        sql = (
            f"SELECT s.zip {_FROM} {filters.joins} WHERE {area.condition} AND {order.scored} AND {filters.condition} "
            f"ORDER BY {order.score} DESC, s.zip LIMIT ? OFFSET ?"
        )
        parameters = (*area.parameters, *order.scored_parameters, *filters.parameters, *order.parameters, limit, first)
        return [code for (code,) in self._dataset.rows(sql, parameters)]  # nosemgrep: sql-from-text  # as above

    def _told(
        self, codes: Sequence[int], first: int, area: Area, filters: Filters, weights: dict[str, float]
    ) -> list[FoundZip]:
        columns = ", ".join([_TOLD, *(each.column for each in filters.values.values())])
        sql = (
            f"SELECT {columns} {_FROM} JOIN standings d ON d.standing = s.standing "
            f"LEFT JOIN counties k ON k.fips = z.county_fips LEFT JOIN metros a ON a.area = z.area {filters.joins} "
            "WHERE s.zip IN (SELECT value FROM json_each(?))"
        )
        rows: dict[int, tuple[Any, ...]] = {
            row[0]: row
            # nosemgrep: sql-from-text  # as above
            for row in self._dataset.rows(sql, (codec.dumps(codes).decode(),))
        }
        return [
            found_zip(rank, rows[code], filters, weights, area.miles.get(code))
            for rank, code in enumerate(codes, first + 1)
        ]


def _position(listing: str, cursor: str | None) -> int:
    if cursor is None:
        return 0
    after = decode_cursor(listing, cursor)
    if not (after.isascii() and after.isdigit()):
        raise InputRefused("cursor", "send the next_cursor of the page before, unchanged, or leave it out")
    return int(after)


def search_zips(request: SearchRequest) -> SearchResults:
    """Search the embedded dataset of this process."""
    return SearchService(shared_dataset(), shared_gazetteer()).search(request)
