"""County fields from what PEP, ACS and QCEW published."""

import pytest

from dataset import county_acs, pep, qcew

PEP = {f"BIRTHS{year}": 100.0 for year in range(2012, 2020)} | {
    "POPESTIMATE2014": 9000.0,
    "POPESTIMATE2018": 9900.0,
    "POPESTIMATE2019": 10100.0,
    "NATURALINC2019": 20.0,
    "DOMESTICMIG2019": -50.0,
    "INTERNATIONALMIG2019": 10.0,
    **dict.fromkeys(("RBIRTH2019", "RNATURALINC2019", "RDOMESTICMIG2019", "RINTERNATIONALMIG2019")),
}
ACS = {
    "B01003_001E": 10000.0,
    "B17001_002E": 1000.0,
    "B17001_001E": 9500.0,
    "B19013_001E": 60000.0,
    "B28002_004E": 3000.0,
    "B28002_001E": 4000.0,
    "B23025_005E": 100.0,
    "B23025_003E": 5000.0,
}


def quarter(jobs=130, wages=1_300_000, change=10, code=""):
    months = {f"month{month}_emplvl": str(jobs) for month in (1, 2, 3)}
    changes = {f"oty_month{month}_emplvl_chg": str(change) for month in (1, 2, 3)}
    return {
        **months,
        **changes,
        "qtrly_estabs": "22",
        "oty_qtrly_estabs_chg": "2",
        "total_qtrly_wages": str(wages),
        "oty_total_qtrly_wages_chg": "0",
        "disclosure_code": code,
        "oty_disclosure_code": code,
    }


def year(**changes):
    county = {"jobs_x_weeks": 0.0, "wages": 0.0}
    for _ in range(4):
        qcew.add_quarter(county, quarter(**changes))
    return county


def test_pep_rates_are_events_per_thousand_of_the_mean_population():
    values = pep.county_values([PEP])
    assert values["births_per_1000"] == pytest.approx(10)
    assert values["domestic_migration_per_1000"] == pytest.approx(-5)


def test_births_of_three_years_are_compared_with_the_three_five_years_before():
    later = PEP | {"BIRTHS2017": 130.0, "BIRTHS2014": 90.0, "BIRTHS2015": 9999.0}
    assert pep.county_values([later])["births_change"] == pytest.approx(100 * (330 / 290 - 1))


def test_a_county_without_births_then_has_no_change_of_births():
    none = PEP | {"BIRTHS2012": 0.0, "BIRTHS2013": 0.0, "BIRTHS2014": 0.0}
    assert pep.county_values([none])["births_change"] is None


def test_counties_counted_as_one_add_up_before_rates_are_taken():
    other = {name: None if value is None else 3 * value for name, value in PEP.items()} | {"BIRTHS2019": 100.0}
    assert pep.county_values([PEP, other])["births_per_1000"] == pytest.approx(1000 * 200 / 40000)


def test_county_shares_are_taken_from_summed_counts_and_the_median_from_the_first():
    other = ACS | {"B23025_005E": 900.0, "B19013_001E": 99000.0}
    values = county_acs.county_values([ACS, other])
    assert values["county_unemployment_rate"] == pytest.approx(10)
    assert values["county_broadband_share"] == pytest.approx(75)
    assert values["county_median_income"] == 60000


def test_a_county_that_the_survey_does_not_know_has_unknown_rates():
    assert set(county_acs.county_values([]).values()) == {None}


def test_weekly_wage_is_wages_of_the_year_by_jobs_and_weeks():
    values = qcew.county_values([year()])
    assert values["county_weekly_wage"] == pytest.approx(4 * 1_300_000 / (130 * 52))
    assert values["county_jobs"] == 130
    assert values["county_establishments"] == 22


def test_growth_is_against_the_same_quarter_a_year_ago():
    values = qcew.county_values([year()])
    assert values["county_jobs_growth"] == pytest.approx(100 * 10 / 120)
    assert values["county_establishment_growth"] == pytest.approx(10)
    assert values["county_wage_growth"] == pytest.approx(100 * (120 / 130 - 1))


def test_withheld_numbers_are_unknown_and_not_the_zeros_that_the_file_prints():
    values = qcew.county_values([year(jobs=0, wages=0, code="N")])
    assert set(values.values()) == {None}
