"""Settings are read from named variables, checked, and named when they are wrong."""

from dataclasses import dataclass

import pytest

from brightspot.core.errors import SettingsError
from brightspot.core.settings import Alias, load, setting


@dataclass(frozen=True, slots=True)
class Group:
    seconds: float = setting("X_SECONDS", 2.5, "seconds to wait", least=0.1, most=10)
    items: int = setting("X_ITEMS", 3, "items to keep", least=1)
    on: bool = setting("X_ENABLED", True, "switches it on")
    name: str = setting("X_NAME", "x", "its name")


def test_what_is_not_set_or_empty_has_its_default():
    assert load(Group, {"X_ITEMS": " "}) == Group(2.5, 3, True, "x")


def test_values_are_read_with_their_types():
    read = load(Group, {"X_SECONDS": "0.5", "X_ITEMS": "7", "X_ENABLED": "Off", "X_NAME": "y"})
    assert read == Group(0.5, 7, False, "y")


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("X_SECONDS", "soon", "send a float (seconds to wait)"),
        ("X_SECONDS", "11", "send 0.1 to 10"),
        ("X_ITEMS", "1.5", "send a int"),
        ("X_ITEMS", "0", "send at least 1"),
        ("X_ENABLED", "maybe", "send a bool"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_its_variable_name(variable, value, told):
    with pytest.raises(SettingsError) as refused:
        load(Group, {variable: value})
    assert variable in str(refused.value)
    assert told in str(refused.value)


def test_nan_is_not_within_any_bounds():
    with pytest.raises(SettingsError):
        load(Group, {"X_SECONDS": "nan"})


def test_a_group_with_a_field_that_names_no_variable_is_a_defect():
    @dataclass
    class Bad:
        plain: int = 1

    with pytest.raises(TypeError, match=r"Bad\.plain"):
        load(Bad, {})


@dataclass(frozen=True, slots=True)
class Aged:
    seconds: float = setting("AGE_SECONDS", 300.0, "seconds", least=1, most=600, also=[Alias("AGE_MS", 0.001)])


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [
        ({}, 300.0),
        ({"AGE_MS": "5000"}, 5.0),
        ({"AGE_SECONDS": "5"}, 5.0),
        ({"AGE_SECONDS": "5", "AGE_MS": "5000"}, 5.0),
        ({"AGE_SECONDS": "5", "AGE_MS": ""}, 5.0),
    ],
)
def test_another_name_says_the_same_in_its_own_unit(environ, seconds):
    assert load(Aged, environ).seconds == seconds


def test_two_names_that_disagree_are_both_told():
    with pytest.raises(SettingsError, match="AGE_SECONDS=5 and AGE_MS=6000 disagree"):
        load(Aged, {"AGE_SECONDS": "5", "AGE_MS": "6000"})


def test_another_name_out_of_bounds_is_told_in_its_own_unit():
    with pytest.raises(SettingsError, match="AGE_MS='700000': send 1000 to 600000"):
        load(Aged, {"AGE_MS": "700000"})
