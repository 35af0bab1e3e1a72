"""Which counties stand behind a ZIP's county, and the children under 5."""

import pytest

from dataset import counties, county_keys
from dataset.acs import ZipRow
from dataset.connecticut import pair_fips, region_of, regions, split_pair, towns
from dataset.counties import CountySources
from dataset.pep import combined

_NO_RATES = combined([])


def pep_row(births, population):
    years = {f"BIRTHS{year}": births for year in range(2012, 2020)}
    return _NO_RATES | years | {f"POPESTIMATE{year}": population for year in (2014, 2018, 2019)}


def zip_of(population, minors):
    values = {"population": population, "children_under_18": minors}
    return ZipRow(1, "MN", "Town", "standard", 44.0, -92.0, 1.0, 27109, "County", None, values)


def qcew_row(jobs):
    levels = ("month1_emplvl", "month2_emplvl", "month3_emplvl", "qtrly_estabs", "total_qtrly_wages")
    row = {"jobs_x_weeks": jobs * 52, "wages": jobs * 52_000}
    return row | {name: jobs for level in levels for name in (level, f"{level} a year ago")}


def test_connecticut_has_169_towns_in_nine_regions():
    assert len(towns()) == 169
    assert set(towns().values()) == set(regions())


def test_a_village_belongs_to_the_region_of_its_town():
    assert region_of("Cos Cob").fips == 9190
    assert region_of("Storrs Mansfield").name == "Capitol"
    assert region_of("WEST HARTFORD").oews_area == 25540


def test_a_post_office_that_no_table_knows_stops_the_build():
    with pytest.raises(KeyError):
        region_of("Atlantis")


def test_a_pair_of_old_county_and_region_is_one_key_and_comes_apart_again():
    key = pair_fips(region_of("Greenwich"), 9001)
    assert key == 9190001
    assert split_pair(key) == (9001, 9190)
    assert split_pair(27109) is None


def test_connecticut_takes_estimates_from_the_county_and_jobs_from_the_region():
    assert county_keys.in_estimates(9190001) == (9001,)
    assert county_keys.in_jobs(9190001) == (9190,)


def test_alaskas_new_boroughs_take_estimates_from_the_one_they_were():
    assert county_keys.in_estimates(2063) == county_keys.in_estimates(2066) == (2261,)
    assert county_keys.in_jobs(2063) == (2063,)


def test_virginias_cities_count_with_the_county_around_them_their_own_figures_first():
    assert county_keys.in_estimates(51143) == (51143, 51590)
    assert county_keys.in_jobs(51590) == (51590, 51143)
    assert county_keys.in_jobs(27109) == (27109,)


def test_under_5_is_births_by_the_countys_own_under_18():
    ratios = counties.under_5_per_under_18([(27109, zip_of(1000.0, 250.0))], {27109: pep_row(10.0, 800.0)})
    assert ratios == {27109: pytest.approx(50 / (800 * 0.25))}


def test_a_county_given_too_many_zips_does_not_lose_its_children():
    """Sioux County, Nebraska, gets a city of 23,000 people that lies in the next county."""
    rows = [(31165, zip_of(1166.0, 233.2)), (31165, zip_of(23000.0, 4600.0))]
    ratios = counties.under_5_per_under_18(rows, {31165: pep_row(12.0, 1166.0)})
    assert ratios[31165] == pytest.approx(60 / (1166 * 0.2))


def test_counties_without_births_on_record_have_no_under_5():
    assert counties.under_5_per_under_18([(72001, zip_of(1000.0, 200.0))], {}) == {}


def test_both_halves_of_a_former_county_share_one_ratio():
    rows = [(2063, zip_of(100.0, 20.0)), (2066, zip_of(100.0, 40.0))]
    ratios = counties.under_5_per_under_18(rows, {2261: pep_row(6.0, 200.0)})
    assert ratios[2063] == ratios[2066] == pytest.approx(30 / (200 * 0.3))


def test_jobs_per_resident_divides_by_the_county_and_not_by_the_zips_given_to_it():
    sources = CountySources({}, {31165: acs_row(1166.0)}, {31165: qcew_row(400.0)})
    values = counties.county_values(31165, sources, 23238.0)
    assert values["jobs_per_resident"] == pytest.approx(400 / 1166)


def test_jobs_per_resident_of_a_planning_region_divides_by_the_residents_of_its_zips():
    sources = CountySources({}, {9001: acs_row(900000.0)}, {9190: qcew_row(300000.0)})
    values = counties.county_values(9190001, sources, 600000.0)
    assert values["jobs_per_resident"] == pytest.approx(0.5)


def test_a_county_that_nobody_published_has_only_unknown_values():
    values = counties.county_values(66010, CountySources({}, {}, {}), None)
    assert set(values.values()) == {None}


def acs_row(population):
    columns = ("B17001_002E", "B17001_001E", "B19013_001E", "B28002_004E", "B28002_001E", "B23025_005E", "B23025_003E")
    return dict.fromkeys(columns, 1.0) | {"B01003_001E": population}
