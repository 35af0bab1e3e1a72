"""How deep and how long a body is, is told without parsing it, and as a parser would tell it."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brightspot.core.settings import load
from brightspot.protection import ProtectionSettings, Structure

SMALL = Structure(ProtectionSettings(depth=3, items=4, elements=12))
DEFAULT = Structure(load(ProtectionSettings, {}))

VALUES = st.recursive(
    st.one_of(st.integers(), st.none(), st.text(alphabet='ab"\\[]{},:é', max_size=8)),
    lambda inner: (
        st.lists(inner, max_size=6) | st.dictionaries(st.text(alphabet='a"\\[{,', max_size=4), inner, max_size=6)
    ),
    max_leaves=30,
)


def depth(value):
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(depth, inner), default=0)


def containers(value):
    if isinstance(value, dict | list):
        yield value
        for each in value.values() if isinstance(value, dict) else value:
            yield from containers(each)


@settings(max_examples=500, deadline=None, derandomize=True)
@given(VALUES, st.sampled_from([None, 1]))
def test_it_judges_as_a_parser_would(value, indent):
    sizes = [len(each) for each in containers(value)]
    too_many = len(sizes) + sum(max(0, size - 1) for size in sizes) > 12
    too_large = depth(value) > 3 or max(sizes, default=0) > 4 or too_many
    assert (SMALL.excess(json.dumps(value, indent=indent).encode()) is not None) is too_large


@settings(max_examples=500, deadline=None, derandomize=True)
@given(st.binary(max_size=200) | st.text(alphabet='[]{},"\\ a', max_size=200).map(str.encode))
def test_any_bytes_are_judged(body):
    SMALL.excess(body)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"[" * 11 + b"]" * 11, "10 levels"),
        (b"[" * 60_000, "2000 items and members"),
        (b"[" + b"0," * 500 + b"0]", "500 items"),
        (b'{"a":' * 11 + b"1" + b"}" * 11, "10 levels"),
        (b"[" + b"[0,0,0,0,0]," * 400 + b"0]", "2000 items and members"),
    ],
)
def test_what_is_too_large_says_what_to_send(body, told):
    assert told in DEFAULT.excess(body)


def test_marks_inside_strings_do_not_count():
    assert DEFAULT.excess(json.dumps({"address": '[{,\\"' * 3000}).encode()) is None
