"""What the file holds, before it is a file: places, values by key, and ranks."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from dataset import acs, connecticut, counties, crime, environment, oews
from dataset.acs import ZipRow
from dataset.catalogue import states
from dataset.packages import Packages
from dataset.places import Place, places
from dataset.values import Number, Values, ratio, times, total

_WORKERS: Final = {
    "children_under_5_per_childcare_worker": "childcare_workers",
    "children_under_5_per_preschool_teacher": "preschool_teachers",
}


@dataclass(frozen=True, slots=True)
class Content:
    """Places in order, values by key and level, unscaled; names of counties and areas."""

    places: list[Place]
    zips: dict[int, Values]
    counties: dict[int, Values]
    metros: dict[int, Values]
    states: dict[str, Values]
    county_names: dict[int, tuple[str, str]]
    areas: dict[int, oews.Area]


def gather(packages: Packages) -> Content:
    """Read every package and work out every value."""
    rows = acs.read(packages)
    published = counties.read(packages)
    areas = oews.read(packages)
    known = places(rows, areas)
    own = [(place.county_fips, row) for place, row in zip(known, rows, strict=True) if row.county is not None]
    of_county = [(fips, row) for fips, row in own if fips is not None]
    zips = _zip_values(rows, packages)
    _add_under_5(zips, of_county, counties.under_5_per_under_18(of_county, published.pep))
    used = _used_areas(known, areas)
    return Content(
        places=known,
        zips=zips,
        counties=_county_values(of_county, published, environment.read_air(packages)),
        metros={code: _metro_values(area, known, zips) for code, area in used.items()},
        states=crime.read(packages),
        county_names=_county_names(of_county),
        areas=used,
    )


def _zip_values(rows: Iterable[ZipRow], packages: Packages) -> dict[int, Values]:
    water, climate = environment.read_water(packages), environment.read_climate(packages)
    return {row.zip: row.values | water.get(row.zip, {}) | {"climate_zone_iecc": climate.get(row.zip)} for row in rows}


def _add_under_5(zips: dict[int, Values], rows: Iterable[tuple[int, ZipRow]], ratios: dict[int, float]) -> None:
    for fips, row in rows:
        values = zips[row.zip]
        values["children_under_5"] = times(values["children_under_18"], ratios.get(fips))
        values["share_under_5"] = ratio(values["children_under_5"], values["population"], 100.0)


def _county_values(
    rows: Iterable[tuple[int, ZipRow]], published: counties.CountySources, air: dict[int, Number]
) -> dict[int, Values]:
    residents: dict[int, list[Number]] = defaultdict(list)
    keys = set()
    for fips, row in rows:
        keys.add(fips)
        pair = connecticut.split_pair(fips)
        residents[pair[1] if pair else fips].append(row.values["population"])
    found = {}
    for fips in sorted(keys):
        pair = connecticut.split_pair(fips)
        people = total(count for count in residents[pair[1] if pair else fips] if count is not None)
        air_change = air.get(pair[0] if pair else fips)
        found[fips] = counties.county_values(fips, published, people) | {"aqi_change_5y": air_change}
    return found


def _used_areas(known: Iterable[Place], areas: dict[int, oews.Area]) -> dict[int, oews.Area]:
    """The areas that some ZIP refers to, and all states."""
    used = {place.area for place in known}
    return {code: area for code, area in sorted(areas.items()) if code in used or area.level == "state"}


def _metro_values(area: oews.Area, known: Iterable[Place], zips: dict[int, Values]) -> Values:
    """OEWS's fields and the children per worker; a state's children are those of all its ZIPs."""
    code = next((state.code for state in states().values() if state.fips == area.state), None)
    inside = [
        zips[place.zip]
        for place in known
        if place.population and (place.state == code if area.level == "state" else place.area == area.code)
    ]
    # Where some ZIP's minors are known and its under-5 are not, the sum would be too small: unknown.
    children = total(values["children_under_5"] for values in inside if values["children_under_18"] is not None)
    return area.values | {name: ratio(children, area.values[workers]) for name, workers in _WORKERS.items()}


def _county_names(rows: Iterable[tuple[int, ZipRow]]) -> dict[int, tuple[str, str]]:
    """(name, state) of every county that a ZIP has, by the name that most of its ZIPs give."""
    by_fips = {state.fips: state.code for state in states().values() if state.fips is not None}
    names: dict[int, Counter[str]] = defaultdict(Counter)
    for fips, row in rows:
        names[fips][row.county_name or ""] += 1
    found = {}
    for fips, tally in sorted(names.items()):
        pair = connecticut.split_pair(fips)
        name, _ = min(tally.items(), key=lambda named: (-named[1], named[0]))
        if pair:
            name = f"{name} ({connecticut.regions()[pair[1] % 1000].name})"
        found[fips] = (name, by_fips[(pair[0] if pair else fips) // 1000])
    return found
