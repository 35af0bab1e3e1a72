"""Spot values, and unknown values that are unknown."""

import pytest

TABLES = {
    "zip": ("zip_values", "zip"),
    "county": ("county_values", "fips"),
    "metro": ("metro_values", "area"),
    "state": ("state_values", "code"),
}
MAY_BE_NEGATIVE = ("_change", "_growth", "natural_increase", "_migration_", "aqi_change_5y")
SENTINELS = [-111_111_111 * digit for digit in range(1, 10)] + [-1, -9999, 99999999, 999999999]
WITHOUT_ACS = ("GU", "VI", "AS", "MP")
COUNTED_EVERYWHERE = ("college_students", "radon_zone", "climate_zone_iecc")


def value(places, level, key, name):
    table, key_column = TABLES[level]
    row = places.execute(f"SELECT {name} FROM {table} WHERE {key_column} = ?", (key,)).fetchone()
    decimals = places.execute("SELECT decimals FROM fields WHERE name = ?", (name,)).fetchone()[0]
    return None if row is None or row[0] is None else row[0] / 10**decimals


@pytest.mark.parametrize(
    ("level", "key", "name", "expected"),
    [
        ("zip", 55901, "population", 58_015),
        ("zip", 55901, "median_household_income", 85_890),
        ("zip", 55901, "labor_force_participation", 71.4),
        ("zip", 55901, "water_violations", 4),
        ("zip", 55901, "water_health_violations", 0),
        ("zip", 55901, "lead_90th_percentile", 0.007),
        ("zip", 55901, "lead_share_of_action_level", 46.7),
        ("zip", 55901, "radon_zone", 1),
        ("zip", 55901, "climate_zone_iecc", 6),
        ("county", 1001, "births_per_1000", 11.2),
        ("county", 1001, "county_unemployment_rate", 3.7),
        ("county", 1001, "county_jobs", 12_974),
        ("county", 1001, "county_jobs_growth", 1.3),
        ("county", 1003, "aqi_change_5y", 5.3),
        ("metro", 40340, "childcare_workers", 650),
        ("metro", 40340, "childcare_wage_median", 16.59),
        ("metro", 40340, "childcare_location_quotient", 1.58),
        ("state", "MN", "violent_crime_rate", 236.4),
    ],
)
def test_a_spot_value_is_what_its_publisher_printed(places, level, key, name, expected):
    assert value(places, level, key, name) == expected


def test_no_stored_value_is_a_sentinel_or_impossibly_negative(places, fields):
    for name, (level, _) in fields.items():
        table, _ = TABLES[level]
        lowest = places.execute(f"SELECT min({name}) FROM {table}").fetchone()[0]
        assert lowest >= 0 or any(part in name for part in MAY_BE_NEGATIVE), name
        marks = ", ".join(map(str, SENTINELS[:9] + SENTINELS[10:]))
        assert places.execute(f"SELECT count(*) FROM {table} WHERE {name} IN ({marks})").fetchone() == (0,), name


def test_every_stored_value_is_an_integer_or_null(places, fields):
    for name, (level, _) in fields.items():
        table, _ = TABLES[level]
        kinds = {kind for (kind,) in places.execute(f"SELECT DISTINCT typeof({name}) FROM {table}")}
        assert kinds <= {"integer", "null"}, name


def test_shares_lie_between_0_and_100_percent(places, fields):
    for name, (level, decimals) in fields.items():
        if name.startswith("share_") or (name.endswith(("_rate", "_share")) and level == "county"):
            table, _ = TABLES[level]
            assert places.execute(f"SELECT max({name}) FROM {table}").fetchone()[0] <= 100 * 10**decimals, name


@pytest.mark.parametrize(
    ("name", "lower", "upper"),
    [("median_household_income", 2_499, 250_001), ("median_home_value", 9_999, 2_000_001)],
)
def test_top_and_bottom_codes_are_kept_and_named_as_bounds(places, name, lower, upper):
    bounds = places.execute("SELECT lower_bound, upper_bound FROM fields WHERE name = ?", (name,)).fetchone()
    assert bounds == (lower, upper)
    assert places.execute(f"SELECT min({name}), max({name}) FROM zip_values").fetchone() == bounds


def test_only_capped_medians_have_bounds(places):
    named = places.execute("SELECT name FROM fields WHERE lower_bound IS NOT NULL OR upper_bound IS NOT NULL")
    assert {name for (name,) in named} == {"median_household_income", "median_home_value"}


def test_where_nobody_lives_counts_are_zero_and_shares_unknown(places):
    rows = places.execute(
        "SELECT children_under_18, households_with_children, share_under_18, median_age, share_under_5 "
        "FROM zip_values WHERE population = 0"
    ).fetchall()
    assert len(rows) == 587
    assert set(rows) == {(0, 0, None, None, None)}


def test_water_tells_zero_from_unknown(places):
    zero, unknown = places.execute(
        "SELECT sum(water_violations = 0), sum(water_violations IS NULL) FROM zip_values"
    ).fetchone()
    assert zero > 1000
    assert unknown > 1000


def test_children_under_5_are_an_estimate_that_fits_the_nation(places):
    assert places.execute("SELECT kind FROM fields WHERE name = 'children_under_5'").fetchone() == ("estimated",)
    total = places.execute("SELECT sum(children_under_5) FROM zip_values").fetchone()[0]
    assert 18_500_000 < total < 20_500_000  # the decennial census of 2020 counts 18.4 million


def test_no_zip_has_more_children_under_5_than_under_18(places):
    excess = "SELECT count(*) FROM zip_values WHERE children_under_5 > children_under_18"
    assert places.execute(excess).fetchone() == (0,)


def test_employment_is_nowhere_claimed(fields):
    assert "labor_force_participation" in fields
    assert not [name for name in fields if "employed" in name]


def test_puerto_rico_has_survey_values_and_no_births(places):
    population, income, small = places.execute(
        "SELECT v.population, v.median_household_income, v.children_under_5 "
        "FROM zip_values v JOIN zips z ON z.zip = v.zip WHERE z.zip = 926 AND z.state = 'PR'"
    ).fetchone()
    assert population > 10_000
    assert income > 10_000
    assert small is None
    counted = "SELECT count(children_under_5) FROM zips z JOIN zip_values v ON v.zip = z.zip WHERE z.state = 'PR'"
    assert places.execute(counted).fetchone() == (0,)


def test_other_territories_have_no_survey_values_and_no_host(places, fields):
    marks = ", ".join("?" * len(WITHOUT_ACS))
    rows = places.execute(
        f"SELECT zip, population, host_zip FROM zips WHERE state IN ({marks})", WITHOUT_ACS
    ).fetchall()
    assert len(rows) == 41
    assert {row[1:] for row in rows} == {(None, None)}
    surveyed = [name for name, (level, _) in fields.items() if level == "zip" and name not in COUNTED_EVERYWHERE]
    for code, *_ in rows:
        found = places.execute(f"SELECT {', '.join(surveyed)} FROM zip_values WHERE zip = ?", (code,)).fetchone()
        assert found is None or set(found) == {None}, code


def test_states_without_fbi_figures_have_no_row_of_crime(places):
    assert places.execute("SELECT count(*) FROM state_values").fetchone() == (51,)
    assert value(places, "state", "PR", "violent_crime_rate") is None


def test_what_oews_did_not_release_is_unknown(places):
    assert places.execute("SELECT count(*) FROM metro_values WHERE childcare_workers IS NULL").fetchone()[0] > 0
    assert places.execute("SELECT min(childcare_workers) FROM metro_values").fetchone()[0] >= 30
