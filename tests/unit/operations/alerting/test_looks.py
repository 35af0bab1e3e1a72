"""What one look finds: thresholds, shares and burnt budgets, and that nobody can say where nobody can."""

from datetime import timedelta

import pytest

from brightspot.operations.alerting.looks import Look, Unknown, bound_of, look
from brightspot.operations.alerting.rule import Burn, DeadLetters, Rule, Share, Threshold
from brightspot.operations.burn import BURN_RULES, Tally
from brightspot.telemetry import CACHE_HITS, CACHE_MISSES, HTTP_REQUESTS, REQUEST_SECONDS, Ledger
from tests.unit.operations.alerting.board import PAGE, World

SHARE = Rule(
    "hits", "ticket", "Few hits.", Share(CACHE_HITS, CACHE_MISSES, "below", 0.5, minutes=5, least=20), looks=3, bad=3
)
BURN = Rule("burnt", "page", "It burns.", Burn("availability", BURN_RULES[0]))
REQUESTS = Rule("requests", "ticket", "Many.", Threshold(HTTP_REQUESTS, "above", 3, minutes=2))


class Shared(Ledger):
    """Its own figures pass for those of all."""

    shared = True


@pytest.fixture
def ledger(clock):
    return Shared(None, clock)


def tell(ledger, hits, misses):
    for name, number in (("CacheHits", hits), ("CacheMisses", misses)):
        ledger.count((name, "analysis"), number)


@pytest.mark.parametrize(
    ("hits", "misses", "bad", "value"),
    [(9, 11, True, 0.45), (10, 10, False, 0.5), (0, 20, True, 0.0), (5, 14, False, None), (0, 0, False, None)],
)
def test_a_share_is_of_both_and_of_too_few_nobody_can_say(ledger, clock, hits, misses, bad, value):
    clock.advance(seconds=5 * 60)
    number = ledger.minute() // 5
    tell(ledger, hits, misses)
    clock.advance(seconds=4 * 60)
    tell(ledger, 0, 0)
    found = look(SHARE, number + 1, ledger, None)
    assert (found.bad, found.value) == (bad, value)


def test_a_counter_is_added_up_over_its_labels_and_minutes(ledger, clock):
    first = ledger.minute()
    ledger.count(("HttpRequests", "GET /health", "200"), 2)
    ledger.count(("HttpRequests", "GET /info", "200"), 1)
    clock.advance(seconds=60)
    ledger.count(("HttpRequests", "GET /info", "500"), 1)
    assert look(REQUESTS, first // 2 + 1, ledger, None) == Look(first // 2 + 1, True, 4.0, "4 is above 3")


def test_a_gauge_that_nobody_tells_any_more_is_no_reading(ledger, clock):
    first = ledger.minute()
    for value in (1, 0, 1):
        ledger.note(("Healthy",), value)
    clock.advance(seconds=60)
    seen, later = look(PAGE, first + 1, ledger, None), look(PAGE, first + 2, ledger, None)
    assert (seen.bad, seen.value) == (True, 0.0)  # the worst, not the last
    assert (later.bad, later.value) == (True, None)


def test_without_a_shared_store_nobody_can_look(clock):
    assert isinstance(look(PAGE, 1, Ledger(None, clock), None), Unknown)


def test_dead_letters_and_objectives_that_nobody_tallies_are_unknown(ledger):
    letters = Rule("letters", "ticket", "They wait.", DeadLetters("batch"))
    assert "CloudWatch alone" in look(letters, 1, ledger, None).reason
    assert "nobody tallies" in look(BURN, 1, ledger, None).reason
    assert (bound_of(letters), bound_of(BURN), bound_of(SHARE)) == (None, 14.4, 0.5)


class Objectives:
    def __init__(self, long, short):
        self._tallies = dict(zip((timedelta(hours=1), timedelta(minutes=5)), (long, short), strict=True))

    def tallies(self, objective, windows):
        assert objective == "availability"
        return {each: self._tallies[each] for each in windows}

    def target(self, objective):
        return 0.999

    def least_events(self, objective, rule):
        assert rule is BURN_RULES[0]
        return 100


@pytest.mark.parametrize(
    ("long", "short", "bad", "value"),
    [
        (Tally(980, 1000), Tally(80, 100), True, 20.0),
        (Tally(980, 1000), Tally(100, 100), False, 0.0),
        (Tally(9, 10), Tally(0, 1), False, None),
        (Tally(0, 0), Tally(0, 0), False, None),
    ],
)
def test_a_budget_burns_when_both_windows_say_so_and_enough_was_asked(ledger, long, short, bad, value):
    found = look(BURN, 1, ledger, Objectives(long, short))
    assert (found.bad, found.value) == (bad, pytest.approx(value))


def test_the_watch_looks_at_budgets_as_at_anything_else():
    world = World(rules=(BURN,), objectives=lambda: Objectives(Tally(900, 1000), Tally(80, 100)))
    world.minute()
    assert world.said() == [("burnt", "firing")]


def test_a_distribution_has_no_one_value(ledger):
    with pytest.raises(TypeError, match="no one value"):
        look(Rule("slow", "ticket", "It is slow.", Threshold(REQUEST_SECONDS, "above", 1)), 1, ledger, None)
