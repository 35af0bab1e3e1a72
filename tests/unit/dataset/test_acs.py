"""ZIPs out of the package's rows."""

import pytest

from dataset.acs import zip_row

ROW = {
    "zip": "00501",
    "state": "NY",
    "primary_city": "Holtsville",
    "zip_type": "Standard",
    "lat": 40.8154,
    "lon": -73.0451,
    "land_area_sq_mi": 4.0,
    "county": "Suffolk County",
    "county_fips": "36103",
    "cbsa_type": "Metro",
    "cbsa_code": "35620",
    "population": 1000,
    "households": 400,
    "avg_household_size": 2.5,
    "median_age": 40.1,
    "pct_under_18": 0.25,
    "pct_age_18_to_24": 0.1,
    "pct_65_plus": 0.15,
    "median_household_income": 250001,
    "gini_index": 0.41,
    "pct_under_25k": 0.1,
    "pct_over_200k": 0.2,
    "pct_below_poverty": 0.0,
    "pct_employed": 0.65,
    "mean_travel_time_to_work_minutes": 30.0,
    "pct_no_vehicles": 0.05,
    "pct_bachelors_or_higher": 0.4,
    "pct_college_enrolled": 0.05,
    "college_enrollment_total": 0,
    "total_housing_units": 500,
    "pct_owner_occupied": 0.7,
    "pct_vacant": 0.2,
    "pct_single_family": 0.6,
    "pct_multi_family": 0.3,
    "pct_with_children": 0.3,
    "median_home_value": 2000001,
    "dist_to_metro_center_mi": 12.0,
}
COUNTED = ("population", "households", "total_housing_units")
PLACE = {"zip", "state", "primary_city", "zip_type", "lat", "lon", "land_area_sq_mi", "county", "county_fips"}


def row(**changes):
    return zip_row(ROW | changes)


def test_a_zip_keeps_its_leading_zeros_as_a_number():
    assert row().zip == 501


def test_counts_are_worked_out_from_shares_and_land():
    values = row().values
    assert values["children_under_18"] == 250
    assert values["households_with_children"] == pytest.approx(120)
    assert values["population_density"] == 250
    assert values["housing_density"] == 125


def test_shares_become_percent_and_zero_stays_zero():
    values = row().values
    assert values["share_under_18"] == 25
    assert values["share_below_poverty"] == 0


def test_the_column_called_employed_is_labor_force_participation():
    values = row().values
    assert values["labor_force_participation"] == 65
    assert not any("employ" in name for name in values)


def test_top_codes_are_stored_as_printed():
    values = row().values
    assert values["median_household_income"] == 250001
    assert values["median_home_value"] == 2000001


def test_where_nobody_lives_counts_are_zero_and_shares_unknown():
    nobody = {name: None for name in ROW if name.startswith(("pct_", "median_", "avg_"))}
    values = row(population=0, households=0, **nobody).values
    assert values["population"] == 0
    assert values["children_under_18"] == 0
    assert values["households_with_children"] == 0
    assert values["share_under_18"] is None
    assert values["median_household_income"] is None


def test_a_zip_without_survey_data_has_no_values_at_all():
    silent = {name: None for name in ROW if name not in PLACE and name != "college_enrollment_total"}
    assert set(row(**silent).values.values()) == {None}


def test_no_students_are_unknown_students_where_there_is_no_survey_row():
    assert row().values["college_students"] == 0
    assert row(population=None).values["college_students"] is None
    assert row(population=None, college_enrollment_total=40878).values["college_students"] == 40878


def test_a_census_annotation_value_is_unknown():
    assert row(median_household_income=-666666666).values["median_household_income"] is None


def test_only_metropolitan_areas_count_as_metro():
    assert row().metro == 35620
    assert row(cbsa_type="Micro").metro is None
    assert row(cbsa_type=None, cbsa_code=None).metro is None


def test_a_zip_without_state_and_city_is_still_a_zip():
    bare = row(state=None, primary_city=None, county=None, county_fips=None)
    assert (bare.state, bare.city, bare.county) == (None, None, None)
