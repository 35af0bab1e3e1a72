"""Drinking water, radon, climate zone and air: four small files of the environment, read as they were published."""

import sqlite3
from contextlib import closing
from typing import Any, Final

from dataset.packages import Packages
from dataset.values import Number, Values, known, times, total

_WATER: Final = "us_water_quality_data/data/water-quality.json.gz"
_AIR: Final = "us_county_airdata_trends/data/counties.json"
_CLIMATE: Final = "eeweather/resources/metadata.db"
_LEAD_ACTION_LEVEL_MG_L: Final = 0.015
_CLIMATE_ZONES: Final = frozenset("12345678")


def read_water(packages: Packages) -> dict[int, Values]:
    """Water and radon fields by ZIP."""
    records = packages.json("us-water-quality-data", _WATER)
    return {int(code): water_values(record) for code, record in records.items()}


def water_values(record: dict[str, Any]) -> Values:
    """Counts only where the source says that it measured: its 0 is then a zero, and elsewhere nothing is known."""
    measured = record["water_violation_measurement_status"] == "measured"
    violations, health, open_ones = (
        known(record[name]) if measured else None
        for name in ("total_violations", "health_violations", "current_noncompliance_violations")
    )
    lead = known(record["lead_level_mg_l"])
    return {
        "water_violations": violations,
        "water_health_violations": health,
        "water_reporting_violations": total((violations, None if health is None else -health)),
        "water_noncompliance": open_ones,
        "lead_90th_percentile": lead,
        "lead_share_of_action_level": times(lead, 100.0 / _LEAD_ACTION_LEVEL_MG_L),
        "radon_zone": known(record["radon_zone"]),
    }


def read_climate(packages: Packages) -> dict[int, Number]:
    """IECC climate zone number by ZIP."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(packages.content("eeweather", _CLIMATE))
        rows = database.execute("SELECT zcta_id, iecc_climate_zone FROM zcta_metadata").fetchall()
    return {int(code): float(zone) for code, zone in rows if zone in _CLIMATE_ZONES}


def read_air(packages: Packages) -> dict[int, Number]:
    """Five-year change of the air-quality index in percent, by county FIPS code."""
    counties = packages.json("us-county-airdata-trends", _AIR)["counties"]
    return {int(fips): air_change(county) for fips, county in counties.items()}


def air_change(county: dict[str, Any]) -> Number:
    """The change, or None where the source holds it back: it prints a number there too, and asks not to use it."""
    held_back = county["airdata_change_class"] in (None, "insufficient_data") or county["skip_reason"] is not None
    return None if held_back else known(county["airdata_pct_change"])
