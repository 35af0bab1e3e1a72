"""Where to search: which ZIPs lie in a state, in a county, or near an address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from math import cos, radians
from typing import Any, Final

from brightspot.core import codec
from brightspot.locations.addresses.errors import AddressError
from brightspot.locations.addresses.regions import ASSOCIATED_STATES, MILITARY_STATES, STATE_NAMES, trailing_state
from brightspot.locations.dataset.file import Dataset
from brightspot.locations.dataset.geo import haversine_miles
from brightspot.locations.gazetteer.locate import Gazetteer
from brightspot.locations.request import RequestRefused
from brightspot.locations.search.request import Near, SearchRequest
from brightspot.locations.search.shapes import SearchedArea

_MILES_PER_DEGREE: Final = 68.7  # of latitude, the least on the globe: a box drawn with it is never too small
_CONNECTICUT_PAIR: Final = 9_000_000  # docs/dataset.md: 9,000,000 + planning region x 1000 + old county
_KINDS: Final = re.compile(
    r"\b(county|parish|borough|census area|municipality|municipio|planning region|city and borough)\b"
)
_DATE_LINE: Final = 180.0
_MOST_OFFERED: Final = 5
_LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class Area:
    """`condition` on the table `zips` as z, with its parameters; `miles` by ZIP where the area is round an address."""

    told: SearchedArea
    condition: str
    parameters: tuple[Any, ...] = ()
    miles: Mapping[int, float] = field(default_factory=dict)


def area_of(request: SearchRequest, dataset: Dataset, gazetteer: Gazetteer) -> Area:
    """The area that a request names, or the whole country. Raises RequestRefused for one that the data do not know."""
    if request.state is not None:
        return _state(request.state)
    if request.county is not None:
        return _county(request.county, dataset)
    if request.near is not None:
        return _near(request.near, dataset, gazetteer)
    return Area(SearchedArea("country", "United States and territories"), "TRUE")


def _state(text: str) -> Area:
    code = _state_code("state", text)
    return Area(SearchedArea("state", STATE_NAMES[code]), "z.state = ?", (code,))


def _state_code(at: str, text: str) -> str:
    words = text.replace(".", " ").split()
    found = trailing_state(words)
    if found is None or found[1] != len(words):
        raise RequestRefused(at, f'{text[:_LONGEST]!r} is no state; send its code or name, as in "MN" or "Minnesota"')
    if found[0] in MILITARY_STATES | ASSOCIATED_STATES:
        raise RequestRefused(at, f"there are no data for {STATE_NAMES[found[0]]}; send a US state or territory")
    return found[0]


def _county(text: str, dataset: Dataset) -> Area:
    known: list[tuple[int, str, str]] = dataset.rows("SELECT fips, name, state FROM counties ORDER BY fips")
    found = _by_code(text.strip(), known) if text.strip().isdecimal() else _by_name(text, known)
    name = ", ".join(dict.fromkeys(f"{name}, {state}" for _, name, state in found))
    codes = [fips for fips, _, _ in found]
    return Area(SearchedArea("county", name, codes), f"z.county_fips IN ({', '.join('?' * len(codes))})", (*codes,))


def _by_code(text: str, known: list[tuple[int, str, str]]) -> list[tuple[int, str, str]]:
    """In Connecticut an old county and a planning region alike are several keys of the dataset."""
    code = int(text) if len(text) <= len("09001") else 0
    found = [row for row in known if code in _codes(row[0])]
    if not found:
        raise RequestRefused("county", f'{text[:_LONGEST]!r} is no FIPS code of a county; send five digits, as "27109"')
    return found


def _codes(fips: int) -> tuple[int, ...]:
    if fips < _CONNECTICUT_PAIR:
        return (fips,)
    region, county = divmod(fips - _CONNECTICUT_PAIR, 1000)
    return 9000 + county, 9000 + region


def _by_name(text: str, known: list[tuple[int, str, str]]) -> list[tuple[int, str, str]]:
    name, comma, state_text = text.rpartition(",")
    if not comma or not name.strip():
        raise RequestRefused("county", 'send a county with its state, as in "Olmsted County, MN", or its FIPS code')
    state = _state_code("county", state_text)
    rows = [row for row in known if row[2] == state]
    whole, short = _plain(name), _short(name)
    found = [row for row in rows if whole in {_plain(each) for each in _names(row[1])}]
    found = found or [row for row in rows if short in {_short(each) for each in _names(row[1])}]
    if found:
        return found
    offers = {_short(row[1]): f"{row[1]}, {state}" for row in rows}
    close = [offers[key] for key in get_close_matches(short[:_LONGEST], offers, _MOST_OFFERED)]
    offered = f"; did you mean {' or '.join(close)}?" if close else ""
    unknown = f"{name.strip()[:_LONGEST]!r} in {STATE_NAMES[state]}"
    raise RequestRefused("county", f"the data know no county {unknown}{offered}")


def _names(name: str) -> list[str]:
    """A county's own name and, where it is split, those of the whole and of the part: "Hartford County (Capitol)"."""
    whole, parted, part = name.rstrip(")").partition(" (")
    return [name, whole, part] if parted else [name]


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace(".", "").split())


def _short(name: str) -> str:
    return " ".join(_KINDS.sub("", _plain(name)).split())


def _near(near: Near, dataset: Dataset, gazetteer: Gazetteer) -> Area:
    try:
        place = gazetteer.locate(near.address)
    except AddressError as error:
        raise RequestRefused("near.address", error.detail) from error
    sql = "SELECT zip, lat, lon FROM zips WHERE lat BETWEEN ? AND ? AND lon BETWEEN ? AND ?"
    rows = dataset.rows(sql, _box(place.lat, place.lon, near.miles))
    away = {code: haversine_miles(place.lat, place.lon, lat / 1e5, lon / 1e5) for code, lat, lon in rows}
    miles = {code: distance for code, distance in away.items() if distance <= near.miles}
    told = SearchedArea("near", f"{place.city}, {place.state} {place.zip or ''}".strip(), miles=near.miles)
    codes = codec.dumps(sorted(miles)).decode()
    return Area(told, "z.zip IN (SELECT value FROM json_each(?))", (codes,), miles)


def _box(lat: float, lon: float, miles: float) -> tuple[int, int, int, int]:
    """South, north, west, east in 1e-5 degrees; all longitudes where it would cross the date line."""
    tall = miles / _MILES_PER_DEGREE
    wide = tall / cos(radians(min(85.0, abs(lat) + tall)))
    west, east = (lon - wide, lon + wide) if abs(lon) + wide <= _DATE_LINE else (-_DATE_LINE, _DATE_LINE)
    return round((lat - tall) * 1e5), round((lat + tall) * 1e5), round(west * 1e5), round(east * 1e5)
