"""Keys of calls: equal for equal arguments, different for different ones, the same in every process."""

import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.cache.computing.arguments import CallKeys, canonical, digest


class Colour(Enum):
    RED = 1


class Level(IntEnum):
    ONE = 1


@dataclass(frozen=True)
class Point:
    lat: float
    lon: float


class Box(msgspec.Struct):
    lat: float
    lon: float


ALIKE = [
    1, 1.0, True, "1", b"1", None, "None", [1], (1,), {1}, frozenset({1}), {1: 1}, ["int", "1"], 2**70, str(2**70),
    Decimal(1), Decimal("1.0"), Colour.RED, Level.ONE, date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC),
    "2026-01-01", timedelta(days=1), UUID(int=1), str(UUID(int=1)), Point(1, 2), Box(1, 2), Point(1.0, 2.0), [[1]],
]  # fmt: skip


def test_values_that_only_look_alike_have_different_keys():
    assert len({digest(each) for each in ALIKE}) == len(ALIKE)


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
    max_leaves=8,
)


def typed(value):
    """A value with the types of all its parts, which == does not look at; 0.0 and -0.0 are two."""
    if isinstance(value, list | tuple):
        return type(value).__name__, [typed(each) for each in value]
    if isinstance(value, dict):
        return "dict", sorted((key, repr(typed(each))) for key, each in value.items())
    return type(value).__name__, repr(value)


@given(plain, plain)
def test_keys_are_equal_exactly_for_values_that_are(first, second):
    assert (digest(first) == digest(second)) == (typed(first) == typed(second))


@given(st.dictionaries(st.integers() | st.text(), st.integers()), st.sets(st.text()))
def test_the_order_of_dicts_and_sets_does_not_matter(mapping, members):
    turned = dict(reversed(mapping.items()))
    backwards = sorted(members, reverse=True)
    assert canonical([mapping, members]) == canonical([turned, {*backwards}])


def function(a, b=2, *rest, c=3, **more): ...


KEYS = CallKeys(function, version=1)


def test_however_the_arguments_are_passed_the_key_is_one():
    keys = {
        KEYS.spelled((1,), {}),
        KEYS.spelled((1, 2), {}),
        KEYS.spelled((), {"a": 1}),
        KEYS.key((), {"b": 2, "a": 1}),
        KEYS.key((1,), {"c": 3}),
    }
    assert len(keys) == 1


def test_order_of_keywords_does_not_matter_and_what_they_are_called_does():
    assert KEYS.key((1,), {"x": 1, "y": 2}) == KEYS.key((1,), {"y": 2, "x": 1})
    assert KEYS.key((1,), {"x": 1}) != KEYS.key((1,), {"y": 1})


@given(st.lists(plain, max_size=3), st.lists(plain, max_size=3))
def test_the_quick_way_makes_the_same_keys(first, second):
    for args in (first, second, first):
        if args:
            assert KEYS.spelled(tuple(args), {}) == KEYS.key(tuple(args), {})


def test_a_key_says_which_function_and_version_it_is_of():
    assert KEYS.key((1,), {}).startswith(f"{__name__}.function:1:")
    assert CallKeys(function, version=2).key((1,), {}) != KEYS.key((1,), {})


def test_a_key_is_the_same_in_every_process():
    code = (
        "from brightspot.cache.computing.arguments import digest; print(digest([{'b', 'a', 'c'}, {'x': 1}, 'ü', 1.5]))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert told == {digest([{"b", "a", "c"}, {"x": 1}, "ü", 1.5])}


@pytest.mark.parametrize("value", [object(), [object()], {"a": print}, lambda: 1])
def test_what_has_no_stable_form_is_refused_with_what_to_do(value):
    with pytest.raises(TypeError, match="key="):
        KEYS.spelled((value,), {})


def test_arguments_that_the_function_does_not_take_are_refused():
    with pytest.raises(TypeError):
        KEYS.spelled((), {})
