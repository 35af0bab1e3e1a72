"""Every ZIP stands in the right place, county and area."""

import pytest

from brightspot.locations.addresses.city_names import city_key
from brightspot.locations.dataset.geo import haversine_miles


def one(places, code, columns):
    return places.execute(f"SELECT {columns} FROM zips WHERE zip = ?", (code,)).fetchone()


def test_every_zip_of_the_source_is_there(places):
    assert places.execute("SELECT count(*) FROM zips").fetchone() == (41_994,)
    assert one(places, 501, "state, city, kind") == ("NY", "Holtsville", "po_box")


def test_reference_zips_are_those_in_which_somebody_lives(places):
    counted = places.execute("SELECT count(*) FROM zips WHERE population > 0").fetchone()[0]
    assert places.execute("SELECT value FROM meta WHERE name = 'reference_zips'").fetchone() == (str(counted),)


def test_population_is_the_same_in_both_tables(places):
    differing = (
        "SELECT count(*) FROM zips z LEFT JOIN zip_values v ON v.zip = z.zip WHERE z.population IS NOT v.population"
    )
    assert places.execute(differing).fetchone() == (0,)


def test_cities_are_stored_under_the_key_by_which_they_are_looked_up(places):
    for city, key in places.execute("SELECT DISTINCT city, city_key FROM zips WHERE city IS NOT NULL"):
        assert key == city_key(city)
    assert places.execute("SELECT count(*) FROM zips WHERE city_key = ''").fetchone() == (0,)


def test_zips_without_state_or_city_are_kept_with_both_unknown(places):
    assert places.execute("SELECT count(*) FROM zips WHERE state IS NULL").fetchone() == (14,)
    assert one(places, 88888, "state, city, city_key, lat, county_fips, area") == (None,) * 6


def test_every_state_code_is_a_known_one(places):
    unknown = "SELECT DISTINCT state FROM zips WHERE state NOT IN (SELECT code FROM states)"
    assert places.execute(unknown).fetchall() == []
    kinds = dict(places.execute("SELECT code, kind FROM states").fetchall())
    assert (kinds["DC"], kinds["PR"], kinds["AE"], kinds["FM"]) == ("district", "territory", "military", "associated")
    assert sum(kind == "state" for kind in kinds.values()) == 50


@pytest.mark.parametrize(("column", "table", "key"), [("county_fips", "counties", "fips"), ("area", "metros", "area")])
def test_every_county_and_area_that_a_zip_names_is_there(places, column, table, key):
    missing = f"SELECT count(*) FROM zips WHERE {column} NOT IN (SELECT {key} FROM {table})"
    assert places.execute(missing).fetchone() == (0,)
    lost = f"SELECT count(*) FROM zips WHERE population > 0 AND {column} IS NULL"
    assert places.execute(lost).fetchone() == (0,)


def test_tiers_follow_from_reach(places):
    wrong = (
        "SELECT count(*) FROM zips WHERE tier IS NOT CASE WHEN reach IS NULL OR lat IS NULL THEN NULL "
        "WHEN reach <= 500 THEN 0 WHEN reach <= 2000 THEN 1 ELSE 2 END"
    )
    assert places.execute(wrong).fetchone() == (0,)
    assert places.execute("SELECT min(reach), max(reach) FROM zips").fetchone() == (2, 6598)


def test_every_host_has_residents_in_the_same_state_and_lends_its_county_and_area(places):
    rows = places.execute(
        "SELECT g.zip, g.population, h.population, g.state = h.state, g.county_fips IS h.county_fips, "
        "g.area IS h.area FROM zips g LEFT JOIN zips h ON h.zip = g.host_zip WHERE g.host_zip IS NOT NULL"
    ).fetchall()
    assert len(rows) > 7_000
    for guest, own, people, *agree in rows:
        assert not own, guest
        assert people > 0, guest
        assert agree == [1, 1, 1], guest


def test_every_host_is_as_far_as_told_and_covers_the_guest_or_is_within_ten_miles(places):
    rows = places.execute(
        "SELECT g.lat, g.lon, h.lat, h.lon, h.reach, g.host_miles FROM zips g JOIN zips h ON h.zip = g.host_zip"
    )
    for *position, reach, told in rows:
        miles = haversine_miles(*(number / 1e5 for number in position))
        assert told == pytest.approx(miles * 100, abs=0.51)
        assert told <= max(1000, reach)


def test_military_mail_has_neither_county_nor_area_nor_host(places):
    rows = places.execute("SELECT DISTINCT county_fips, area, host_zip, population FROM zips WHERE kind = 'military'")
    assert rows.fetchall() == [(None, None, None, None)]


@pytest.mark.parametrize(
    ("code", "pair", "area"),
    [
        (6830, 9190001, 14860),  # Greenwich
        (6604, 9120001, 14860),  # Bridgeport
        (6103, 9110003, 25540),  # Hartford
        (6457, 9130007, 25540),  # Middletown
        (6510, 9170009, 35300),  # New Haven
        (6320, 9180011, 35980),  # New London
        (6702, 9140009, 47930),  # Waterbury
        (6790, 9160005, 900001),  # Torrington
        (6260, 9150015, 900001),  # Putnam
    ],
)
def test_a_connecticut_zip_stands_in_its_county_and_its_region(places, code, pair, area):
    assert one(places, code, "county_fips, area") == (pair, area)


def test_no_connecticut_zip_stands_in_an_undivided_county(places):
    rows = places.execute(
        "SELECT DISTINCT county_fips FROM zips WHERE state = 'CT' AND county_fips IS NOT NULL"
    ).fetchall()
    assert len(rows) == 18
    assert all(fips > 9_000_000 for (fips,) in rows)


def test_pairs_of_one_region_share_its_jobs_and_pairs_of_one_county_its_births(places):
    of_region = "SELECT DISTINCT county_jobs, jobs_per_resident FROM county_values WHERE fips / 1000 = 9140"
    of_county = "SELECT DISTINCT births_per_1000 FROM county_values WHERE fips > 9000000 AND fips % 1000 = 1"
    assert len(places.execute(of_region).fetchall()) == 1
    assert len(places.execute(of_county).fetchall()) == 1


def test_alaskas_new_boroughs_share_births_and_differ_in_jobs(places):
    rows = places.execute(
        "SELECT births_per_1000, county_jobs, jobs_per_resident FROM county_values WHERE fips IN (2063, 2066)"
    ).fetchall()
    (births, jobs, each), (other_births, other_jobs, other_each) = rows
    assert births == other_births
    assert None not in (jobs, other_jobs, each, other_each)
    assert jobs != other_jobs


def test_danville_counts_with_pittsylvania_and_oglala_lakota_under_its_new_code(places):
    assert places.execute("SELECT county_establishments > 2000 FROM county_values WHERE fips = 51143").fetchone() == (
        1,
    )
    assert places.execute("SELECT births_per_1000 FROM county_values WHERE fips = 46102").fetchone()[0] > 0
