"""BLS answers are months of text: a dash is no rate, a thirteenth month is no month, a refusal has HTTP 200."""

import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.locations.collectors.live.errors import SourceFailed, SourceSilent
from brightspot.locations.collectors.live.sources.bls import SOURCE, Rate, read
from brightspot.locations.collectors.seam import Site
from brightspot.locations.place import Place

RECORDED = Path(__file__).parents[3] / "integration" / "live" / "recorded"
WHOLE = json.loads((RECORDED / "bls.json").read_bytes())


def no_more(_):
    raise AssertionError("one answer says it all")


def answered(**changed):
    return read(json.dumps({**WHOLE, **changed}).encode(), no_more)


def month(year, period, value, *codes):
    return {"year": year, "period": period, "value": value, "footnotes": [{"code": each} for each in codes] or [{}]}


def of(*months):
    return answered(Results={"series": [{"seriesID": "LAUCN271090000000003", "data": list(months)}]})


def site(county_fips=27109, state="MN"):
    place = Place(
        44.0, -92.0, "55901", "Rochester", state, "A County", county_fips, None, 55901, "zip_centroid", 3.0, (), (), "x"
    )
    return Site(place, 3.0)


def test_the_recorded_answer_is_of_the_newest_month_that_has_a_rate():
    assert answered() == Rate("2026-09", 2.6, preliminary=True, before=2.4)


def test_results_may_be_a_list_of_one_or_an_object():
    assert answered(Results=[WHOLE["Results"]]) == answered()


@pytest.mark.parametrize("absent", ["-", ""])
def test_a_month_without_a_rate_is_passed_over(absent):
    assert of(month("2026", "M09", absent), month("2026", "M08", "3.1")) == Rate("2026-08", 3.1, False, None)


def test_the_mean_of_a_year_is_no_month():
    assert of(month("2026", "M13", "2.7"), month("2026", "M02", "3.3")) == Rate("2026-02", 3.3, False, None)


def test_the_order_of_the_months_does_not_matter():
    months = WHOLE["Results"]["series"][0]["data"]
    assert of(*reversed(months)) == answered()


@pytest.mark.parametrize("footnotes", [[], [{}], [None], [{"code": None}], [{"code": "R", "text": "Revised."}]])
def test_without_the_code_for_it_a_rate_is_not_preliminary(footnotes):
    assert of({**month("2026", "M09", "2.6"), "footnotes": footnotes}).preliminary is False


def test_the_years_change_is_told_beside_the_rate():
    rate, change = SOURCE.found(answered(), site(), None)
    assert (rate.point, rate.value, rate.vintage, rate.level) == (
        "county_unemployment_rate",
        2.6,
        "2026-09 (preliminary)",
        "county",
    )
    assert (change.point, change.value, change.kind) == ("county_unemployment_change_1y", 0.2, "derived")


def test_without_the_month_a_year_earlier_the_change_is_unknown():
    rate, change = SOURCE.found(Rate("2026-10", 3.0, False, None), site(), None)
    assert (rate.value, rate.vintage, change.value) == (3.0, "2026-10", None)
    assert change.reason == "the same month a year earlier has no rate there"


@pytest.mark.parametrize("status", ["REQUEST_SUCCEEDED", "REQUEST_NOT_PROCESSED"])
def test_a_county_without_a_series_is_unknown_and_no_failure(status):
    told = answered(status=status, message=["Series does not exist for Series LAUCN1"], Results={})
    assert told is None
    assert all(each.value is None and each.reason for each in SOURCE.found(told, site(), None))


def test_a_series_without_a_single_rate_is_unknown():
    assert of() is None
    assert of(month("2026", "M09", "-")) is None


def test_a_used_up_limit_is_a_failure_that_says_so():
    with pytest.raises(SourceFailed, match="limit of questions a day is used up there") as failed:
        read((RECORDED / "bls_limit.json").read_bytes(), no_more)
    assert failed.value.again is None


@pytest.mark.parametrize(
    "changed",
    [
        {"status": "REQUEST_FAILED", "message": ["Your request has failed"], "Results": None},
        {"status": "REQUEST_NOT_PROCESSED", "message": [], "Results": {}},
    ],
)
def test_any_other_status_is_a_failure(changed):
    with pytest.raises(SourceFailed, match=f"it answered '{changed['status']}'"):
        answered(**changed)


@pytest.mark.parametrize("text", ["2,6", "-2.6", "101", "nan", "1e1", "n/a", "٣", "2.6%", "9" * 400])
def test_a_rate_that_is_no_percentage_is_a_failure_and_never_a_value(text):
    with pytest.raises(SourceFailed, match="a rate of"):
        of(month("2026", "M09", text))


@pytest.mark.parametrize("year", ["26", "", "20261", "year"])
def test_a_year_that_is_none_is_a_failure(year):
    with pytest.raises(SourceFailed, match="a year of"):
        of(month(year, "M09", "2.6"))


@given(body=st.binary(max_size=200) | st.lists(st.text(max_size=9), max_size=4).map(json.dumps).map(str.encode))
def test_anything_else_is_a_failure_and_nothing_worse(body):
    with pytest.raises(SourceFailed):
        read(body, no_more)


rates = st.none() | st.integers(0, 1000).map(lambda tenths: tenths / 10)


@given(told=st.dictionaries(st.tuples(st.integers(1990, 2030), st.integers(1, 12)), rates, max_size=30))
def test_the_newest_known_month_wins_and_survives_the_cache(told):
    rate = of(*(month(str(y), f"M{m:02d}", "-" if value is None else str(value)) for (y, m), value in told.items()))
    known = {when: value for when, value in told.items() if value is not None}
    if known:
        (year, number), value = max(known.items())
        assert rate == Rate(f"{year}-{number:02d}", value, False, known.get((year - 1, number)))
    else:
        assert rate is None
    assert msgspec.json.decode(msgspec.json.encode(rate), type=SOURCE.kept) == rate


@pytest.mark.parametrize(
    ("fips", "series"),
    [(27109, "LAUCN271090000000003"), (1001, "LAUCN010010000000003"), (72001, "LAUCN720010000000003")],
)
def test_the_question_names_the_countys_series(fips, series):
    assert SOURCE.query(site(fips)).path == f"/timeseries/data/{series}"


@pytest.mark.parametrize(
    ("fips", "reason"),
    [
        (None, "unknown"),
        (9_110_003, "Connecticut"),
        (9001, "Connecticut"),
        (66010, "the states"),
        (60010, "the states"),
    ],
)
def test_a_place_without_a_county_that_it_knows_is_not_asked_for(fips, reason):
    with pytest.raises(SourceSilent, match=reason):
        SOURCE.query(site(fips))
