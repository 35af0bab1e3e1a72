"""County unemployment, poverty, broadband and income from the American Community Survey 2015-19 (libbee)."""

from collections.abc import Sequence
from typing import Final

from dataset.packages import Packages
from dataset.values import Number, Values, known, ratio, total

_MEMBER: Final = "libbee/sources/_census_acs_2019_fallback.json"
_POPULATION: Final = "B01003_001E"
_MEDIAN_INCOME: Final = "B19013_001E"
_SHARES: Final = {
    "county_unemployment_rate": ("B23025_005E", "B23025_003E"),
    "county_poverty_rate": ("B17001_002E", "B17001_001E"),
    "county_broadband_share": ("B28002_004E", "B28002_001E"),
}


def read(packages: Packages) -> dict[int, Values]:
    """Published estimates by county FIPS code."""
    header, *rows = packages.json("libbee", _MEMBER)
    counties = [dict(zip(header, row, strict=True)) for row in rows]
    return {
        int(county["state"]) * 1000 + int(county["county"]): {
            column: known(value) for column, value in county.items() if column.startswith("B")
        }
        for county in counties
    }


def county_values(members: Sequence[Values]) -> Values:
    """The ACS fields of one county, or of several counted as one (shares of summed counts).

    A median cannot be combined: the median income is that of the first member.
    """
    values: Values = {
        name: ratio(total(m[part] for m in members), total(m[whole] for m in members), 100.0)
        for name, (part, whole) in _SHARES.items()
    }
    values["county_median_income"] = members[0][_MEDIAN_INCOME] if members else None
    return values


def residents(members: Sequence[Values]) -> Number:
    """Residents of the members together."""
    return total(member[_POPULATION] for member in members)
