"""Settings are read from named variables, checked, and named when they are wrong."""

from dataclasses import dataclass

import pytest

from brightspot.core.errors import SettingsError
from brightspot.core.settings import load, setting


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
