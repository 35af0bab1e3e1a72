"""The rules by which a value is computed, kept, renewed and replaced, in one process."""

import threading
from random import Random

import pytest

from brightspot.cache import Adaptive, ComputedCache, ComputeSettings, ComputeTimedOut, LocalLevel, Options, TieredCache
from brightspot.core.clock import SystemClock
from brightspot.resilience import Deadline

STILL = {"window": 0.0}  # no early refresh, where it is not the subject


def told(found):
    return found.value, found.status, found.age_seconds


def test_a_value_is_computed_once_while_it_is_fresh(computed, source, clock):
    options = Options(ttl=60, **STILL)
    seen = [told(computed.get("n", "k", source, options))]
    clock.advance(seconds=59)
    seen.append(told(computed.get("n", "k", source, options)))
    clock.advance(seconds=1)
    seen.append(told(computed.get("n", "k", source, options)))
    assert seen == [(1, "computed", 0.0), (1, "fresh", 59.0), (2, "computed", 0.0)]


def test_what_is_not_asked_for_again_is_kept_apart_by_namespace_and_key(computed, source):
    options = Options(ttl=60)
    values = [computed.get(*each, source, options).value for each in (("n", "a"), ("n", "b"), ("m", "a"), ("n", "a"))]
    assert values == [1, 2, 3, 1]


def test_nothing_is_kept_for_no_time(computed, source):
    assert [computed.get("n", "k", source, Options(ttl=0)).value for _ in range(2)] == [1, 2]


def test_jitter_shortens_each_life_by_up_to_its_fraction(computed, clock):
    options = Options(ttl=100, jitter=0.2, **STILL)
    lives = []
    for number in range(200):
        computed.get("n", str(number), lambda: 1, options)
        copy = computed.held.copies.get(f"bs:{{n}}:{number}")
        lives.append(copy.soft - copy.created)
    assert 80 < min(lives) < 82
    assert 98 < max(lives) <= 100


def test_an_error_is_replaced_by_the_old_value_and_then_nobody_tries_for_a_while(computed, source, clock):
    options = Options(ttl=10, stale_if_error=100, error_rest=5, **STILL)
    computed.get("n", "k", source, options)
    clock.advance(seconds=20)
    source.error = OSError("away")
    seen = [told(computed.get("n", "k", source, options)) for _ in range(3)]
    assert seen == [(1, "stale", 20.0)] * 3
    assert source.calls == 2
    clock.advance(seconds=5)
    assert told(computed.get("n", "k", source, options)) == (1, "stale", 25.0)
    assert source.calls == 3
    clock.advance(seconds=85)
    with pytest.raises(OSError, match="away"):
        computed.get("n", "k", source, options)


def test_only_the_declared_errors_are_replaced(computed, source, clock):
    options = Options(ttl=10, stale_if_error=100, stale_errors=(OSError,), **STILL)
    computed.get("n", "k", source, options)
    clock.advance(seconds=20)
    source.error = ValueError("a defect")
    with pytest.raises(ValueError, match="a defect"):
        computed.get("n", "k", source, options)


def test_an_early_refresh_that_fails_costs_nobody_a_fresh_value(computed, source, clock):
    options = Options(ttl=10, window=1.0, beta=1e9, stale_errors=(), error_rest=1)
    source.takes = 1.0
    computed.get("n", "k", source, options)
    source.error = OSError("away")
    assert computed.get("n", "k", source, options).status == "fresh"
    assert source.calls == 2
    assert computed.get("n", "k", source, options).status == "fresh"
    assert source.calls == 2


def test_none_and_declared_errors_are_kept_for_their_own_time(computed, source, clock):
    options = Options(ttl=1000, negative_ttl=5, negative_errors=(LookupError,), stale_if_error=100, **STILL)
    calls = []
    assert [computed.get("n", "none", lambda: calls.append(1), options).value for _ in range(3)] == [None] * 3
    source.error = KeyError("55901")
    for _ in range(3):
        with pytest.raises(LookupError, match="55901"):
            computed.get("n", "error", source, options)
    assert (len(calls), source.calls) == (1, 1)
    clock.advance(seconds=5)
    computed.get("n", "none", lambda: calls.append(1), options)
    source.error = None
    assert computed.get("n", "error", source, options).value == 2
    assert len(calls) == 2


def test_a_kept_error_says_how_old_it_is(computed, source, clock):
    options = Options(ttl=60, negative_ttl=10, negative_errors=(LookupError,))
    source.error = LookupError("none such")
    for _ in range(2):
        clock.advance(seconds=2)
        with pytest.raises(LookupError) as raised:
            computed.get("n", "k", source, options)
    assert raised.value.__notes__ == ["kept 2.0 s ago"]


def test_without_a_negative_ttl_none_is_a_value_like_others(computed):
    calls = []
    for _ in range(3):
        computed.get("n", "k", lambda: calls.append(1), Options(ttl=60))
    assert len(calls) == 1


def test_a_ttl_adapts_to_how_often_the_value_changes_within_its_bounds(computed, clock):
    adaptive = Adaptive(least=5, most=50)
    options = Options(ttl=10, adaptive=adaptive, stale_while_revalidate=1000, **STILL)
    values, lives = iter("aaaaabcde"), []
    for _ in range(9):
        computed.get("n", "k", lambda: next(values), options)
        copy = computed.held.copies.get("bs:{n}:k")
        lives.append(copy.ttl)
        clock.advance(seconds=copy.ttl)
    assert lives == [10, 20, 40, 50, 50, 25, 12.5, 6.25, 5]


def test_a_refresh_computes_whatever_there_is_and_its_error_is_told(computed, source):
    options = Options(ttl=60, stale_if_error=60)
    computed.get("n", "k", source, options)
    assert computed.refresh("n", "k", source, options).value == 2
    assert computed.get("n", "k", source, options).value == 2
    source.error = OSError("away")
    with pytest.raises(OSError, match="away"):
        computed.refresh("n", "k", source, options)
    assert computed.get("n", "k", source, options).value == 2


def test_forgetting_one_key_forgets_no_other(computed, source):
    options = Options(ttl=60)
    for key in "ab":
        computed.get("n", key, source, options)
    assert [computed.forget("n", "a", options), computed.forget("n", "a", options)] == [True, False]
    assert [computed.get("n", key, source, options).value for key in "ab"] == [3, 2]


def test_a_clear_and_an_expiry_reach_what_has_the_tag(computed, source):
    here, there = (Options(ttl=60, tags=(tag,), stale_if_error=60) for tag in ("zip:55901", "zip:10001"))
    computed.get("n", "a", source, here)
    computed.get("n", "b", source, there)
    computed.clear("n", "zip:55901")
    assert [computed.get("n", "a", source, here).value, computed.get("n", "b", source, there).value] == [3, 2]
    computed.expire("n", "zip:10001")
    source.error = OSError("away")
    assert told(computed.get("n", "b", source, there)) == (2, "stale", 0.0)
    computed.clear("n")
    with pytest.raises(OSError, match="away"):
        computed.get("n", "b", source, there)


def test_a_copy_of_ones_own_may_be_changed(computed):
    own, shared = Options(ttl=60, copy=True), Options(ttl=60)
    first = computed.get("n", "k", lambda: {"a": [1]}, own).value
    first["a"].append(2)
    assert computed.get("n", "k", dict, own).value == {"a": [1]}
    assert computed.get("n", "k", dict, shared).value is computed.get("n", "k", dict, shared).value


def test_what_json_cannot_hold_is_refused_with_what_to_do(computed):
    with pytest.raises(TypeError, match="codec="):
        computed.get("n", "k", object, Options(ttl=60))


@pytest.mark.parametrize("name", ["", "a{b}", "zürich"])
def test_what_cannot_name_a_namespace_is_refused(computed, name):
    with pytest.raises(ValueError, match="namespace"):
        computed.get(name, "k", dict, Options(ttl=60))


@pytest.mark.parametrize(
    "wrong",
    [{"ttl": -1}, {"ttl": 1, "jitter": 1}, {"ttl": 1, "lease": 0}, {"ttl": 1, "negative_errors": (KeyError,)}],
)
def test_options_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match=r"send|seconds"):
        Options(**wrong)


@pytest.mark.parametrize("wrong", [(0, 1), (2, 1), (1, 2, 0.5), (1, 2, 2, 0)])
def test_an_adaptive_ttl_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match="adaptive"):
        Adaptive(*wrong)


class Slow:
    """Computes until it is let go."""

    def __init__(self):
        self.go = threading.Event()
        self.calls = 0

    def __call__(self):
        self.calls += 1
        assert self.go.wait(20)
        return "late"


@pytest.fixture
def slow():
    made = Slow()
    yield made
    made.go.set()


def test_a_slow_computation_is_left_for_the_old_value_and_what_it_comes_to_is_dropped(computed, slow, clock):
    options = Options(ttl=10, stale_while_revalidate=100, soft_timeout=0.01, error_rest=5, **STILL)
    computed.get("n", "k", lambda: "old", options)
    clock.advance(seconds=20)
    assert told(computed.get("n", "k", slow, options)) == ("old", "stale", 20.0)
    assert told(computed.get("n", "k", slow, options)) == ("old", "stale", 20.0)
    assert slow.calls == 1
    slow.go.set()
    assert computed.get("n", "k", slow, options).value == "old"


def test_without_an_old_value_only_the_hard_timeout_ends_it(computed, slow):
    options = Options(ttl=10, soft_timeout=0.001, hard_timeout=0.05)
    with pytest.raises(ComputeTimedOut, match=r"bs:\{n\}:k: not computed in 0.05 s"):
        computed.get("n", "k", slow, options)


def test_the_callers_deadline_ends_it_too(computed, slow, clock):
    with pytest.raises(ComputeTimedOut):
        computed.get("n", "k", slow, Options(ttl=10), deadline=Deadline.after(clock, 0.01))


def test_errors_of_a_computation_with_a_timeout_are_its_own(computed, source):
    source.error = TimeoutError("its own")
    with pytest.raises(TimeoutError, match="its own"):
        computed.get("n", "k", source, Options(ttl=10, hard_timeout=20))


@pytest.fixture
def live():
    clock = SystemClock()
    return ComputedCache(TieredCache(None, clock, LocalLevel()), None, clock, Random(1), settings=ComputeSettings())


def in_threads(count, job):
    results = []
    threads = [threading.Thread(target=lambda: results.append(job())) for _ in range(count)]
    for each in threads:
        each.start()
    return threads, results


def test_threads_that_miss_at_once_share_one_computation(live, slow):
    threads, results = in_threads(50, lambda: live.get("n", "k", slow, Options(ttl=60)).value)
    slow.go.set()
    for each in threads:
        each.join()
    assert results == ["late"] * 50
    assert slow.calls == 1


def test_threads_that_share_a_computation_share_its_error(live, monkeypatch):
    calls, joined, all_in = [], [], threading.Event()
    join = live.held.flights.join

    def counted(name):
        flight = join(name)
        joined.append(name)
        if len(joined) == 20:
            all_in.set()
        return flight

    monkeypatch.setattr(live.held.flights, "join", counted)

    def failing():
        calls.append(1)
        assert all_in.wait(20)
        raise OSError("away")

    def job():
        try:
            live.get("n", "k", failing, Options(ttl=60))
        except OSError as error:
            return str(error)

    threads, results = in_threads(20, job)
    for each in threads:
        each.join()
    assert results == ["away"] * 20
    assert len(calls) == 1


def test_others_get_the_old_value_at_once_while_one_computes(live, slow):
    options = Options(ttl=0.001, stale_while_revalidate=1000, **STILL)
    live.get("n", "k", lambda: "old", options)
    while live.held.copies.get("bs:{n}:k").is_fresh(live.held.now()):
        pass
    threads, results = in_threads(1, lambda: live.get("n", "k", slow, options).value)
    while not slow.calls:
        pass
    assert [told(live.get("n", "k", slow, options))[:2] for _ in range(5)] == [("old", "stale")] * 5
    slow.go.set()
    threads[0].join()
    assert (results, slow.calls) == (["late"], 1)
