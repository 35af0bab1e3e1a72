"""The American Community Survey by ZCTA: newer figures of the ZIP than the embedded ones, children under 5 counted."""

from collections.abc import Sequence
from typing import Final

from brightspot.locations.collectors.live.errors import SourceFailed, SourceSilent
from brightspot.locations.collectors.live.facts import Facts
from brightspot.locations.collectors.live.source import Ask, Embedded, Found, LiveSource, Request, decoded
from brightspot.locations.collectors.seam import Site
from brightspot.ratelimit import Limit

_LAST_YEAR: Final = 2023
_VINTAGE: Final = f"{_LAST_YEAR - 4}-{_LAST_YEAR}"
_GEOGRAPHY: Final = "zip code tabulation area"
_NOT_AVAILABLE_BELOW: Final = -100_000_000.0  # -666666666, -999999999 and their like say why there is no estimate
_PLAIN: Final = {
    "population": "B01003_001E",
    "median_age": "B01002_001E",
    "households": "B11001_001E",
    "household_size": "B25010_001E",
    "housing_units": "B25001_001E",
    "median_household_income": "B19013_001E",
    "gini_index": "B19083_001E",
    "median_home_value": "B25077_001E",
}
_SUMS: Final = {
    "children_under_5": ("B01001_003E", "B01001_027E"),
    # Under 6 with two parents both in the labour force, with a father in it, with a mother in it.
    "children_under_6_parents_working": ("B23008_004E", "B23008_010E", "B23008_013E"),
}
_SHARES: Final = {
    "share_under_5": (("B01001_003E", "B01001_027E"), "B01003_001E"),
    "share_below_poverty": (("B17001_002E",), "B17001_001E"),
    "labor_force_participation": (("B23025_002E",), "B23025_001E"),
    "share_owner_occupied": (("B25003_002E",), "B25003_001E"),
    "share_vacant": (("B25002_003E",), "B25002_001E"),
    "share_no_vehicle": (("B08201_002E",), "B08201_001E"),
}
_BOUNDS: Final = {"median_household_income": (2_499.0, 250_001.0), "median_home_value": (9_999.0, 2_000_001.0)}
_VARIABLES: Final = tuple(
    dict.fromkeys(
        [
            *_PLAIN.values(),
            *(name for names in _SUMS.values() for name in names),
            *(name for parts, whole in _SHARES.values() for name in (*parts, whole)),
        ]
    )
)

FACTS: Final = Facts(
    id="census_acs",
    name="American Community Survey 5-year estimates by ZCTA, Census API",
    licence="Public domain (US government)",
    credit="This product uses the Census Bureau Data API but is not endorsed or certified by the Census Bureau.",
    terms="A free key is needed (api.census.gov/data/key_signup.html). The credit is worded as its terms ask for.",
    url="https://api.census.gov/data",
    gives={
        "population": "people",
        "median_age": "years",
        "households": "households",
        "household_size": "people",
        "housing_units": "housing units",
        "median_household_income": "USD",
        "gini_index": "index",
        "median_home_value": "USD",
        "children_under_5": "people",
        "children_under_6_parents_working": "children",
        "share_under_5": "percent",
        "share_below_poverty": "percent",
        "labor_force_participation": "percent",
        "share_owner_occupied": "percent",
        "share_vacant": "percent",
        "share_no_vehicle": "percent",
    },
    limits=(Limit(10, 1),),
    fresh_hours=720.0,
    stale_hours=1440.0,
    key_parameter="key",
    silent={204: "the survey knows no such ZIP"},
)


def _query(site: Site) -> Request:
    if site.place.data_zip is None:
        raise SourceSilent("the ZIP has no residents")
    asked = {"get": ",".join(("NAME", *_VARIABLES)), "for": f"{_GEOGRAPHY}:{site.place.data_zip:05d}"}
    return Request(f"/{_LAST_YEAR}/acs/acs5", asked)


def read(body: bytes, ask: Ask) -> list[Found]:  # noqa: ARG001  # one answer says it all
    """Every point that has an estimate; what is not available is None. Raises SourceFailed."""
    rows = decoded(body, list[list[str | None]])
    if len(rows) != 2 or len(rows[0]) != len(rows[1]):  # noqa: PLR2004  # names, then values
        raise SourceFailed("its answer is not what it should be (a row of names and one of values)")
    row = dict(zip(rows[0], rows[1], strict=True))
    values = {name: _number(name, row) for name in _VARIABLES}
    return [
        *(_of_zip(point, values[name]) for point, name in _PLAIN.items()),
        *(_of_zip(point, _sum(values, names)) for point, names in _SUMS.items()),
        *(_of_zip(point, _share(values, *asked)) for point, asked in _SHARES.items()),
    ]


def _number(name: str, row: dict[str | None, str | None]) -> float | None:
    if name not in row:
        raise SourceFailed(f"its answer is not what it should be (no {name})")
    text = row[name]
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError as error:
        raise SourceFailed(f"its answer is not what it should be ({name} is {text[:20]!r})") from error
    if value < _NOT_AVAILABLE_BELOW:
        return None
    if not 0 <= value < float("inf"):
        raise SourceFailed(f"its answer is not what it should be ({name} is {text[:20]!r})")
    return value


def _sum(values: dict[str, float | None], names: Sequence[str]) -> float | None:
    known = [value for name in names if (value := values[name]) is not None]
    return sum(known) if len(known) == len(names) else None


def _share(values: dict[str, float | None], parts: Sequence[str], whole: str) -> float | None:
    part, everything = _sum(values, parts), values[whole]
    return None if part is None or not everything else round(100 * part / everything, 1)


def _of_zip(point: str, value: float | None) -> Found:
    least, most = _BOUNDS.get(point, (float("-inf"), float("inf")))
    if value is None or least < value < most:
        return Found(point, value, _VINTAGE, "zip")
    return Found(point, value, _VINTAGE, "zip", bound="at_least" if value >= most else "at_most")


def _found(found: list[Found], site: Site, embedded: Embedded) -> Sequence[Found]:  # noqa: ARG001  # as read
    """As read; a ZIP without residents of its own has its host's figures, which then are estimates."""
    place = site.place
    if place.zip is None or place.data_zip == int(place.zip):
        return found
    return [Found(each.point, each.value, each.vintage, each.level, "estimated", each.bound) for each in found]


SOURCE: Final = LiveSource(FACTS, list[Found], _query, read, _found)
