"""Crashes come as text in a list in a list, 5,000 at most; a rate needs residents who are of the same county."""

import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.locations import shared_dataset
from brightspot.locations.collectors.live.errors import SourceFailed, SourceSilent
from brightspot.locations.collectors.live.source import Embedded
from brightspot.locations.collectors.live.sources.fars import SOURCE, Toll, read
from brightspot.locations.collectors.seam import Site
from brightspot.locations.dataset.catchment import Catchments
from brightspot.locations.place import Place

WHOLE = json.loads((Path(__file__).parents[3] / "integration/live/recorded/fars.json").read_bytes())
CRASH = WHOLE["Results"][0][0]
EMBEDDED = Embedded(shared_dataset(), Catchments(shared_dataset()))


def no_more(_):
    raise AssertionError("one answer says it all")


def toll(*parts, **changed):
    return read(json.dumps({**WHOLE, "Results": list(parts), **changed}).encode(), no_more)


def crash(**changed):
    return {**CRASH, **changed}


def site(county_fips=27109, state="MN"):
    place = Place(
        44.0, -92.0, "55901", "Rochester", state, "A County", county_fips, None, 55901, "zip_centroid", 3.0, (), (), "x"
    )
    return Site(place, 3.0)


def found(told, at=None):
    return {each.point: each for each in SOURCE.found(told, at or site(), EMBEDDED)}


def test_the_recorded_answer():
    assert read(json.dumps(WHOLE).encode(), no_more) == Toll(crashes=7, deaths=10, capped=False)


@pytest.mark.parametrize("parts", [(), ([],), ([], [])])
def test_no_crash_is_an_answer(parts):
    assert toll(*parts) == Toll(0, 0, capped=False)
    assert [each.value for each in found(toll(*parts)).values()] == [0.0, 0]


def test_a_case_counts_once_in_its_year_and_state():
    rows = [crash(), crash(), crash(CaseYear="2020"), crash(STATE="26"), crash(ST_CASE="270002")]
    assert toll(rows).crashes == 4


def test_the_count_of_the_answer_counts_lists_and_is_not_believed():
    assert toll([crash()], Count=999) == toll([crash()], Count=1)


def test_numbers_may_be_text_or_numbers():
    assert toll([crash(FATALS=2, CaseYear=2021, ST_CASE=270009, STATE=27)]) == Toll(1, 2, capped=False)


@pytest.mark.parametrize(("rows", "bound"), [(4_999, None), (5_000, "at_least")])
def test_an_answer_that_is_full_is_a_lower_bound(rows, bound):
    told = toll([crash(ST_CASE=str(at)) for at in range(rows)])
    assert told.crashes == rows
    assert {each.bound for each in found(told).values()} == {bound}


def test_the_rate_is_a_years_per_100000_of_the_countys_own_residents():
    """The dataset has 105,758 jobs in Olmsted County and 0.683 for each resident."""
    told = found(Toll(crashes=77, deaths=83, capped=False))
    rate = told["fatal_crashes_per_100k_people"]
    assert rate.value == pytest.approx(77 / 5 / (105_758 / 0.683) * 100_000, abs=0.06)
    assert (rate.level, rate.kind, rate.vintage, rate.bound) == ("county", "derived", "2019-2023", None)
    assert (told["traffic_deaths_5y"].value, told["traffic_deaths_5y"].kind) == (83, "observed")


@pytest.mark.parametrize(
    ("at", "reason"), [(site(51003, "VA"), "independent cities"), (site(56999, "WY"), "not in the embedded data")]
)
def test_without_residents_of_the_same_county_there_is_no_rate(at, reason):
    told = found(Toll(10, 12, capped=False), at)
    assert told["fatal_crashes_per_100k_people"].value is None
    assert reason in told["fatal_crashes_per_100k_people"].reason
    assert told["traffic_deaths_5y"].value == 12


def test_another_message_is_a_failure_and_not_a_county_without_crashes():
    with pytest.raises(SourceFailed, match="'Invalid County'"):
        toll(Message="Invalid County")


@pytest.mark.parametrize(
    "changed",
    [
        {"FATALS": "0"},
        {"FATALS": "-1"},
        {"FATALS": "1.5"},
        {"FATALS": ""},
        {"FATALS": None},
        {"CaseYear": "2018"},
        {"CaseYear": "2024"},
        {"ST_CASE": "٢٧"},
        {"ST_CASE": "9" * 5000},
        {"STATE": "MN"},
    ],
)
def test_what_is_not_as_it_should_be_is_a_failure(changed):
    with pytest.raises(SourceFailed, match="not what it should be"):
        toll([crash(**changed)])


@pytest.mark.parametrize("name", ["STATE", "ST_CASE", "CaseYear", "FATALS"])
def test_a_crash_that_lacks_what_tells_it_from_others_is_a_failure(name):
    with pytest.raises(SourceFailed):
        toll([{key: value for key, value in CRASH.items() if key != name}])


@given(body=st.binary(max_size=200) | st.lists(st.text(max_size=9), max_size=4).map(json.dumps).map(str.encode))
def test_anything_else_is_a_failure_and_nothing_worse(body):
    with pytest.raises(SourceFailed):
        read(body, no_more)


@given(
    cases=st.dictionaries(st.tuples(st.integers(2019, 2023), st.integers(1, 999_999)), st.integers(1, 20), max_size=12),
    cut=st.integers(0, 12),
)
def test_every_crash_and_death_counts_and_survives_the_cache(cases, cut):
    rows = [crash(CaseYear=str(y), ST_CASE=str(case), FATALS=str(dead)) for (y, case), dead in cases.items()]
    told = toll(rows[:cut], rows[cut:])
    assert told == Toll(len(cases), sum(cases.values()), capped=False)
    assert msgspec.json.decode(msgspec.json.encode(told), type=SOURCE.kept) == told


def test_the_question_names_state_county_and_years():
    assert SOURCE.query(site(1003)).query == {
        "fromCaseYear": "2019",
        "toCaseYear": "2023",
        "state": "1",
        "county": "3",
        "format": "json",
    }


@pytest.mark.parametrize("fips", [None, 9_110_003, 66010])
def test_a_place_without_a_county_that_it_knows_is_not_asked_for(fips):
    with pytest.raises(SourceSilent):
        SOURCE.query(site(fips))


def test_it_is_told_who_asks_in_the_form_that_it_lets_through():
    agent = SOURCE.facts.user_agent("ops@example.org")
    assert agent.startswith("Mozilla/5.0 (compatible; Brightspot/")
    assert "ops@example.org" in agent
