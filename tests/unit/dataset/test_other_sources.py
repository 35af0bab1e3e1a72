"""Water, air, wages and crime out of their packages' records."""

import pytest

from dataset.crime import state_values
from dataset.environment import air_change, water_values
from dataset.oews import area_values, cell_value

WATER = {
    "water_violation_measurement_status": "measured",
    "total_violations": 4,
    "health_violations": 1,
    "current_noncompliance_violations": 0,
    "lead_level_mg_l": 0.003,
    "radon_zone": 1,
}
AIR = {"airdata_change_class": "increase", "airdata_pct_change": 12.5, "skip_reason": None}
CRIME = dict.fromkeys(
    ("homicide", "robbery", "aggravated_assault", "property_crime", "burglary", "motor_vehicle_theft"), "10"
)


def test_measured_violations_are_split_into_health_and_reporting():
    values = water_values(WATER)
    assert (values["water_violations"], values["water_health_violations"]) == (4, 1)
    assert values["water_reporting_violations"] == 3
    assert values["water_noncompliance"] == 0


def test_a_zero_that_nobody_measured_is_unknown():
    values = water_values(WATER | {"water_violation_measurement_status": None, "total_violations": 0})
    counts = ("water_violations", "water_health_violations", "water_reporting_violations", "water_noncompliance")
    assert [values[name] for name in counts] == [None] * 4
    assert values["radon_zone"] == 1


def test_lead_is_compared_with_the_action_level():
    assert water_values(WATER)["lead_share_of_action_level"] == pytest.approx(20)
    assert water_values(WATER | {"lead_level_mg_l": None})["lead_share_of_action_level"] is None


@pytest.mark.parametrize(
    "held_back",
    [
        {"airdata_change_class": "insufficient_data"},
        {"airdata_change_class": None},
        {"skip_reason": "petrochemical_corridor"},
    ],
)
def test_an_air_trend_that_the_source_holds_back_is_unknown(held_back):
    assert air_change(AIR) == 12.5
    assert air_change(AIR | held_back) is None


def test_an_estimate_that_was_not_released_is_unknown():
    assert cell_value("650", None) == 650
    assert cell_value("-", "8") is None
    assert cell_value("0", "8") is None


def test_a_top_coded_wage_stops_the_build():
    with pytest.raises(ValueError, match="bound"):
        cell_value("115.00", "5")


def test_an_occupation_that_an_area_does_not_list_is_unknown_and_not_zero():
    values = area_values({"000000": {"median": 22.0}, "399011": {"jobs": 650.0, "median": 16.5}})
    assert values["childcare_workers"] == 650
    assert values["childcare_wage_ratio"] == pytest.approx(0.75)
    assert values["childcare_administrators"] is None


def test_crime_is_per_hundred_thousand_and_its_change_that_of_the_rate():
    now = CRIME | {"population": "200000", "violent_crime": "600"}
    before = CRIME | {"population": "100000", "violent_crime": "250"}
    values = state_values(now, before)
    assert values["violent_crime_rate"] == pytest.approx(300)
    assert values["homicide_rate"] == pytest.approx(5)
    assert values["violent_crime_change_5y"] == pytest.approx(20)
