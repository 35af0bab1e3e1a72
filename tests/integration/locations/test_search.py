"""A search over all ZIPs has the numbers of single analyses, in their order, page by page."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brightspot import locations
from brightspot.core.errors import InputRefused
from brightspot.locations import CATEGORIES, PERSONAS, Near, RequestRefused, SearchRequest, ValueRange, search_zips
from brightspot.locations.addresses.regions import STATE_NAMES
from brightspot.locations.dataset.file import shared_dataset
from brightspot.locations.dataset.geo import haversine_miles
from brightspot.locations.search.filters import names

# City and country, no water data, an island, Puerto Rico, a base, a student town, Connecticut, Alaska, few residents.
ODD = (
    "00501",
    "00601",
    "00934",
    "06103",
    "10001",
    "10464",
    "16802",
    "38751",
    "58844",
    "79255",
    "84097",
    "96863",
    "99553",
)
weights = st.dictionaries(st.sampled_from(CATEGORIES), st.integers(0, 100), min_size=1).filter(
    lambda w: any(w.values())
)


def analysis(code, **asked):
    return locations.service().analyze(locations.AnalyzeRequest(code, **asked))


def found(code, **asked):
    """One ZIP as a search has it; None when it is skipped."""
    page = search_zips(SearchRequest(near=Near(code, 0.01), limit=100, **asked))
    return next((each for each in page.results if each.zip == code), None)


@pytest.fixture(scope="module")
def populated():
    rows = shared_dataset().rows("SELECT zip FROM zips WHERE population > 0 ORDER BY zip")
    return [f"{code:05d}" for (code,) in rows]


def same(one, other):
    assert one.overall_score == other.overall_score
    assert one.confidence == other.confidence
    assert (one.city, one.state, one.county) == (other.location.city, other.location.state, other.location.county)
    assert (one.lat, one.lon) == (other.location.lat, other.location.lon)
    for name, each in one.categories.items():
        category = other.categories[name]
        assert (each.score, each.weight, each.status, each.confidence) == (
            category.score, category.weight, category.status, category.confidence,
        )  # fmt: skip


@pytest.mark.parametrize("persona", PERSONAS)
@pytest.mark.parametrize("code", ODD)
def test_a_zip_has_the_numbers_that_its_analysis_has(code, persona):
    shown, expected = found(code, persona=persona), analysis(code, persona=persona)
    lived_in = bool(shared_dataset().rows("SELECT 1 FROM zips WHERE zip = ? AND population > 0", (int(code),)))
    assert (shown is not None) == (lived_in and expected.overall_score is not None)
    if shown is not None:
        same(shown, expected)


@settings(max_examples=60)
@given(st.data(), weights)
def test_any_zip_has_the_numbers_that_its_analysis_has_by_any_weights(populated, data, custom):
    code = data.draw(st.sampled_from(populated))
    shown, expected = found(code, weights=custom), analysis(code, weights=custom)
    if expected.overall_score is None:
        assert shown is None
    else:
        same(shown, expected)


@pytest.mark.parametrize("persona", ["business", "parent"])
def test_the_best_of_a_state_are_those_that_analyses_of_all_its_zips_find(persona):
    rows = shared_dataset().rows("SELECT zip FROM zips WHERE state = 'DE' AND population > 0 ORDER BY zip")
    every = [(f"{code:05d}", analysis(f"{code:05d}", persona=persona).overall_score) for (code,) in rows]
    expected = sorted(every, key=lambda each: -each[1])
    page = search_zips(SearchRequest(state="DE", persona=persona, limit=100))
    assert [(each.zip, each.overall_score) for each in page.results] == expected[:100]
    assert page.matched == len(every) > 50


@pytest.mark.parametrize("persona", PERSONAS)
def test_ten_pages_of_the_whole_country_are_in_order_and_whole(persona):
    shown, cursor = [], None
    for _ in range(10):
        page = search_zips(SearchRequest(persona=persona, limit=100, cursor=cursor))
        shown += page.results
        cursor = page.next_cursor
    assert [each.rank for each in shown] == list(range(1, 1001))
    assert len({each.zip for each in shown}) == 1000
    assert all(one.overall_score >= other.overall_score for one, other in pairwise(shown))
    assert page.matched + sum(vars_of(page.skipped)) == len(shared_dataset().rows("SELECT zip FROM zips"))


def vars_of(struct):
    return [getattr(struct, name) for name in struct.__struct_fields__]


def test_all_pages_together_are_all_that_match_and_the_last_has_no_cursor():
    shown, cursor = [], None
    while True:
        page = search_zips(SearchRequest(state="RI", limit=7, cursor=cursor))
        shown += [each.zip for each in page.results]
        assert page.count == len(page.results)
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(shown) == len(set(shown)) == page.matched > 60


def test_pages_may_have_any_size_but_a_cursor_fits_its_own_question_only():
    first = search_zips(SearchRequest(state="MN", limit=3))
    rest = search_zips(SearchRequest(state="MN", limit=5, cursor=first.next_cursor))
    assert [each.rank for each in rest.results] == [4, 5, 6, 7, 8]
    for other in (
        {"state": "WI"},
        {"state": "MN", "persona": "parent"},
        {"state": "MN", "filters": {"safety": ValueRange(1)}},
    ):
        with pytest.raises(InputRefused, match="next_cursor"):
            search_zips(SearchRequest(cursor=first.next_cursor, **other))
    for broken in ("", "x", first.next_cursor[:-2], "é"):
        with pytest.raises(InputRefused, match="next_cursor"):
            search_zips(SearchRequest(state="MN", cursor=broken))


def test_filters_let_through_what_lies_in_their_ranges_and_tell_the_values():
    asked = {
        "population": ValueRange(5_000, 40_000),
        "median_household_income": ValueRange(least=80_000),
        "county_jobs_growth": ValueRange(least=0),
        "childcare_workers": ValueRange(most=20_000),
        "violent_crime_rate": ValueRange(most=400),
        "safety": ValueRange(45, 90),
    }
    page = search_zips(SearchRequest(filters=asked, limit=20))
    assert 20 < page.matched < 5_000
    for each in page.results:
        analyzed = {name: p for one in analysis(each.zip).categories.values() for name, p in one.points.items()}
        assert set(each.values) == set(asked) - {"safety"}
        for name, value in each.values.items():
            point = analyzed[name]
            assert (value.value, value.unit, value.source, value.vintage, value.level, value.kind) == (
                point.value, point.unit, point.source, point.vintage, point.level, point.kind,
            )  # fmt: skip
            assert asked[name].least is None or value.value >= asked[name].least
            assert asked[name].most is None or value.value <= asked[name].most
        assert 45 <= each.categories["safety"].score <= 90


def test_every_filter_that_is_offered_can_be_used():
    offered = names(shared_dataset())
    assert len(offered) > 70
    for name in offered:
        page = search_zips(SearchRequest(state="MN", filters={name: ValueRange(least=-1e12)}))
        assert page.matched + page.skipped.without_value == 876, name


def test_both_ends_of_a_range_belong_to_it():
    best = search_zips(SearchRequest(state="MN", limit=1)).results[0]
    for name, value in (("overall_score", best.overall_score), ("safety", best.categories["safety"].score)):
        page = search_zips(SearchRequest(state="MN", limit=100, filters={name: ValueRange(value, value)}))
        assert best.zip in {each.zip for each in page.results}
        assert all(
            (each.overall_score if name == "overall_score" else each.categories[name].score) == value
            for each in page.results
        )


def test_what_cannot_be_ranked_is_counted_by_its_reason():
    guam = search_zips(SearchRequest(state="Guam"))
    assert (guam.matched, guam.results, guam.skipped.without_residents > 10) == (0, [], True)
    unscored = search_zips(SearchRequest(state="MN", weights={"regulatory": 1}))
    assert unscored.skipped.without_score > 100
    assert unscored.matched + unscored.skipped.without_score == 876
    water = search_zips(SearchRequest(state="MN", filters={"lead_90th_percentile": ValueRange(least=0)}))
    assert water.skipped.without_value > 100
    failed_otherwise = search_zips(
        SearchRequest(
            state="MN", filters={"lead_90th_percentile": ValueRange(least=0), "population": ValueRange(least=1e9)}
        )
    )
    assert (failed_otherwise.matched, failed_otherwise.skipped.without_value) == (0, 0)


@pytest.mark.parametrize(
    ("code", "miles"), [("55901", 25), ("99546", 250), ("96741", 60), ("99723", 200), ("04652", 30)]
)
def test_near_an_address_distances_are_told_and_kept(code, miles):
    """Also beside the date line, on an island, in the far north and in the east."""
    page = search_zips(SearchRequest(near=Near(code, miles), limit=100))
    (here,) = [each for each in page.results if each.zip == code]
    assert here.miles == 0
    assert all(each.miles <= miles for each in page.results)
    for each in page.results:
        assert each.miles == pytest.approx(haversine_miles(here.lat, here.lon, each.lat, each.lon), abs=0.01)
    rows = shared_dataset().rows("SELECT zip, lat, lon FROM zips WHERE population > 0")
    inside = [code for code, lat, lon in rows if haversine_miles(here.lat, here.lon, lat / 1e5, lon / 1e5) <= miles]
    assert {int(each.zip) for each in page.results} == set(inside)
    assert (page.area.kind, page.area.miles) == ("near", miles)


@pytest.mark.parametrize("text", ["MN", "mn", "Minnesota", " minnesota ", "Minn."])
def test_a_state_is_known_by_code_and_name(text):
    assert search_zips(SearchRequest(state=text)).matched == 876


def test_every_state_with_residents_has_results():
    for code in STATE_NAMES:
        if code not in {"AA", "AE", "AP", "FM", "MH", "PW"}:
            page = search_zips(SearchRequest(state=code))
            assert (page.matched > 0) == (code not in {"GU", "VI", "AS", "MP"}), code
            assert {each.state for each in page.results} <= {code}


@pytest.mark.parametrize(
    ("text", "counties", "some_zip"),
    [
        ("27109", 1, "55901"),
        ("Olmsted County, MN", 1, "55901"),
        ("olmsted, minnesota", 1, "55901"),
        ("St. Louis County, MN", 1, "55802"),
        ("St Louis, MN", 1, "55802"),
        ("Orleans Parish, LA", 1, "70112"),
        ("09003", 3, "06103"),
        ("9110", 2, "06103"),
        ("Hartford County, CT", 3, "06103"),
        ("Capitol Planning Region, CT", 2, "06103"),
    ],
)  # fmt: skip
def test_a_county_is_known_by_code_and_name(text, counties, some_zip):
    page = search_zips(SearchRequest(county=text, limit=100))
    assert len(page.area.counties) == counties, page.area
    assert some_zip in {each.zip for each in page.results}


@pytest.mark.parametrize(
    ("asked", "field", "told"),
    [
        ({"state": "Ontario"}, "state", "Minnesota"),
        ({"state": ""}, "state", "code or name"),
        ({"state": "AE"}, "state", "Armed Forces"),
        ({"state": "Rochester MN"}, "state", "no state"),
        ({"county": "Olmsted"}, "county", "Olmsted County, MN"),
        ({"county": "Olmstead County, MN"}, "county", "did you mean Olmsted County, MN"),
        ({"county": "27999"}, "county", "FIPS"),
        ({"county": "271090000000"}, "county", "FIPS"),
        ({"county": ", MN"}, "county", "with its state"),
        ({"county": "Olmsted, Ontario"}, "county", "no state"),
        ({"state": "MN", "county": "27109"}, "county", "one area"),
        ({"near": Near("Atlantis, MN", 10)}, "near.address", "Atlantis"),
        ({"radius_miles": 5.0}, "radius_miles", "3 miles"),
        ({"limit": 0}, "limit", "1 to 100"),
        ({"limit": 101}, "limit", "1 to 100"),
        ({"persona": "tourist"}, "persona", "business"),
        ({"weights": {"parking": 1}}, "weights", "demographics"),
        ({"filters": {"populaton": ValueRange(1)}}, "filters.populaton", "did you mean population"),
        ({"filters": {"zoning": ValueRange(1)}}, "filters.zoning", "median_household_income"),
        ({"filters": {"catchment_population": ValueRange(1)}}, "filters.catchment_population", "'population'"),
        ({"filters": {"zip; DROP TABLE zips": ValueRange(1)}}, "filters.zip; DROP TABLE zips", "no such filter"),
        ({"filters": {"population": ValueRange()}}, "filters.population", "a min, a max"),
        ({"filters": {"population": ValueRange(2, 1)}}, "filters.population", "not above"),
        ({"filters": {"population": ValueRange(float("nan"))}}, "filters.population", "not above"),
        ({"filters": {f"f{n}": ValueRange(1) for n in range(21)}}, "filters", "at most 20"),
    ],
)
def test_what_cannot_be_searched_is_refused_with_what_to_send(asked, field, told):
    with pytest.raises(RequestRefused) as refused:
        search_zips(SearchRequest(**asked))
    assert refused.value.field == field
    assert told in refused.value.detail


@pytest.mark.parametrize("miles", [0.0, -1.0, 251.0, float("nan")])
def test_a_distance_that_cannot_be_used_is_refused(miles):
    with pytest.raises(RequestRefused, match="250 miles"):
        Near("55901", miles)


def test_a_search_makes_no_analysis_and_remembers_nothing(monkeypatch):
    def never(*_):
        raise AssertionError("a search analysed a ZIP")

    monkeypatch.setattr("brightspot.locations.analysis_service.AnalysisService.analyze", never)
    assert search_zips(SearchRequest(state="MN")).count == 10
