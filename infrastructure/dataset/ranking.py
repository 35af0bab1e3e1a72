"""The ranks of every field against all reference ZIPs: those in which somebody lives."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from dataset.catalogue import Field, fields_of
from dataset.catchments import COUNTS, Disc, Grid, catchments
from dataset.content import Content
from dataset.places import Place
from dataset.ranks import Ranking, rank
from dataset.values import Values, stored

_NO_RADIUS: Final = 0
_PROGRESS_EVERY: Final = 10_000


def rankings(content: Content) -> Iterator[tuple[str, int, Ranking]]:
    """(field, radius in miles x 10, ranking) for every field of which anything is known."""
    reference = [place for place in content.places if place.population]
    yield from _ranked("zip", content.zips, [place.zip for place in reference])
    yield from _ranked("county", content.counties, [place.county_fips for place in reference])
    yield from _ranked("metro", content.metros, [place.area for place in reference])
    yield from _ranked("state", content.states, [place.state for place in reference])
    yield from _catchment_rankings(content, reference)


def _ranked[Key](
    level: str, values: Mapping[Key, Values], keys: Iterable[Key | None]
) -> Iterator[tuple[str, int, Ranking]]:
    """Every reference ZIP carries the value of its county, area or state."""
    carried = [values[key] for key in keys if key is not None and key in values]
    for field in fields_of(level):
        integers = (stored(one.get(field.name), field.decimals) for one in carried)
        ranking = rank(integer / 10**field.decimals for integer in integers if integer is not None)
        if ranking.count:
            yield field.name, _NO_RADIUS, ranking


def _catchment_rankings(content: Content, reference: list[Place]) -> Iterator[tuple[str, int, Ranking]]:
    zip_fields = {field.name: field for field in fields_of("zip")}
    grid = Grid([_disc(place, content.zips[place.zip], zip_fields) for place in content.places if _has_disc(place)])
    sums: dict[tuple[str, float], list[float]] = {}
    for number, place in enumerate(reference):
        if number % _PROGRESS_EVERY == 0:
            print(f"dataset: catchments {number:,} of {len(reference):,}", file=sys.stderr)
        if place.lat is not None and place.lon is not None:
            for key, value in catchments(grid, place.lat / 1e5, place.lon / 1e5).items():
                sums.setdefault(key, []).append(value)
    for field, radius in sorted(sums):
        yield field, round(radius * 10), rank(sums[field, radius])


def _has_disc(place: Place) -> bool:
    return place.reach is not None and place.lat is not None and place.lon is not None and place.population is not None


def _disc(place: Place, values: Values, zip_fields: dict[str, Field]) -> Disc:
    """The disc as the file holds it, so that a reader of the file works out the same sums."""

    def integer(name: str) -> int | None:
        return stored(values.get(name), zip_fields[name].decimals)

    return Disc(
        lat=(place.lat or 0) / 1e5,
        lon=(place.lon or 0) / 1e5,
        reach=(place.reach or 0) / 100,
        counts=tuple(integer(name) for name in COUNTS),
        households=integer("households"),
        income=integer("median_household_income"),
    )
