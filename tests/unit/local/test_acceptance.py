"""How an acceptance run is judged, summed up and compared."""

from types import SimpleNamespace

import msgspec
import pytest

from brightspot_local.acceptance.askers import Told
from brightspot_local.acceptance.compare import differences
from brightspot_local.acceptance.report import changes, report
from brightspot_local.acceptance.run import judged, run
from brightspot_local.acceptance.sites import KINDS, Expected, sites
from brightspot_local.acceptance.summary import Summary, group

STATES = {
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA",
    "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR",
    "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY",
}  # fmt: skip
HALL = Expected("city", "City Hall", "1 Main Street, Rochester, MN 55901", "MN", "55901", scored=True)
LIBRARY = Expected("territory", "Library", "2 Main Street, Hagatna, GU 96910", "GU", "96910", scored=False)


def told(state="MN", zip_code="55901", score=50.0, ms=5.0):
    return Told(
        ms,
        SimpleNamespace(
            location=SimpleNamespace(state=state, zip=zip_code),
            overall_score=score,
            confidence=0.5,
            cached=False,
            model=SimpleNamespace(id="m", version="1"),
        ),
    )


class Scripted:
    where = "here"

    def __init__(self, answers):
        self._answers = answers

    def ask(self, address):
        return self._answers[address]


def summary(clock, hall=None, library=None, expected=(HALL, LIBRARY)):
    answers = {HALL.address: hall or told(), LIBRARY.address: library or told("GU", "96910", None)}
    return run(Scripted(answers), expected, clock)


def test_there_are_80_different_addresses_of_every_kind_in_all_states_and_five_territories():
    listed = sites()
    assert len(listed) == len({each.address for each in listed}) == 80
    assert {each.state for each in listed} == STATES | {"PR", "GU", "VI", "MP", "AS"}
    assert {each.kind for each in listed} == set(KINDS)
    assert all(sum(each.kind == kind for each in listed) >= 5 for kind in KINDS)


def test_each_address_ends_with_the_state_and_zip_that_are_expected():
    assert [each.address for each in sites() if not each.address.endswith(f", {each.state} {each.zip}")] == []


@pytest.mark.parametrize(
    ("expected", "answer", "reason"),
    [
        (HALL, told(), None),
        (LIBRARY, told("GU", "96910", None), None),
        (HALL, told(zip_code="55902"), "taken to be in 55902, MN"),
        (HALL, told(state="WI"), "taken to be in 55901, WI"),
        (HALL, told(score=None), "no score"),
        (LIBRARY, told("GU", "96910", 50.0), "a score without data"),
        (HALL, Told(1.0, None, "no such place"), "no such place"),
    ],
)
def test_a_success_is_in_the_right_place_and_has_a_score_where_there_are_data(expected, answer, reason):
    outcome = judged(expected, answer)
    assert (outcome.succeeded, outcome.reason) == (reason is None, reason)


def test_times_are_those_of_successes_and_the_95th_percentile_is_one_of_them(clock):
    outcomes = [judged(HALL, told(ms=float(ms))) for ms in range(1, 101)]
    outcomes.append(judged(HALL, told(zip_code="1", ms=9999.0)))
    made = group(outcomes)
    assert (made.total, made.successful) == (101, 100)
    assert (made.ms.min, made.ms.median, made.ms.p95, made.ms.max) == (1.0, 50.5, 95.0, 100.0)
    assert group([outcomes[-1]]).ms is None


def test_fewer_than_95_of_100_successes_are_not_accepted(clock):
    good = summary(clock, expected=[HALL] * 19)
    assert good.accepted
    assert good.every.success_percent == 100.0
    mixed = run(Scripted({HALL.address: told(), LIBRARY.address: told()}), [HALL] * 18 + [LIBRARY] * 2, clock)
    assert mixed.every.success_percent == 90.0
    assert not mixed.accepted


def test_a_summary_reads_back_as_it_was_written(clock):
    made = summary(clock)
    assert msgspec.json.decode(msgspec.json.encode(made), type=Summary) == made


def test_two_equal_runs_have_no_differences_and_the_report_says_so(clock):
    first, second = summary(clock), summary(clock, hall=told(ms=900.0))
    assert differences(first, second) == []
    (line,) = changes([], first)
    assert line.text.endswith("every address has the same score")


def test_differences_tell_scores_before_and_after_the_largest_first(clock):
    first = summary(clock)
    second = summary(clock, hall=told(score=48.5), library=told("GU", "96910", 12.0))
    found = differences(first, second)
    assert [(each.address, each.before, each.after, each.by, each.note) for each in found] == [
        (LIBRARY.address, None, 12.0, None, "fails now: a score without data"),
        (HALL.address, 50.0, 48.5, -1.5, ""),
    ]
    (table,) = changes(found, first)
    assert [HALL.address, "50.000", "48.500", "-1.500", ""] in table.rows
    assert [each.note for each in differences(second, first)] == ["succeeds now", ""]


def test_addresses_that_only_one_run_has_are_told(clock):
    first, second = summary(clock, expected=[HALL]), summary(clock, expected=[LIBRARY])
    assert {(each.address, each.note) for each in differences(first, second)} == {
        (HALL.address, "is not asked for any more"),
        (LIBRARY.address, "was not asked for before"),
    }


def test_the_report_names_what_failed_and_why(clock):
    sections = report(summary(clock, hall=told(zip_code="55902")))
    assert [HALL.address, "taken to be in 55902, MN"] in sections[2].rows
    assert sections[-1].text.startswith("NOT accepted: 1 of 2 succeeded (50.0 %")
