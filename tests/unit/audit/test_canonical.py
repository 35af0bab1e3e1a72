"""Equal values are equal bytes, as RFC 8785 spells them; a tree of hashes is that of RFC 6962."""

import json
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.audit.canonical import canonical
from brightspot.audit.merkle import leaf_hash, root

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
)


@given(VALUES)
def test_it_reads_back_as_what_it_was_and_is_spelled_once(value):
    written = canonical(value)
    assert json.loads(written) == value
    assert canonical(json.loads(written)) == written


@given(st.dictionaries(TEXT, st.integers(0, 9)), st.randoms(use_true_random=False))
def test_the_order_of_members_does_not_matter(value, random):
    names = [*value]
    random.shuffle(names)
    assert canonical({name: value[name] for name in names}) == canonical(value)


def test_the_example_of_the_standard():
    # RFC 8785 §3.2.3: members sorted by UTF-16 units, so a surrogate pair comes before U+FB33.
    value = {"\u20ac": "e", "\r": "r", "\ufb33": "d", "1": "o", "\U0001f600": "s", "\u0080": "c", "\u00f6": "l"}
    assert [*json.loads(canonical(value)).values()] == ["r", "o", "c", "l", "e", "s", "d"]
    assert canonical({"text": '\u20ac$\x0f\nA\'B"\\\\"/'}) == '{"text":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'.encode()


@pytest.mark.parametrize("value", [1.5, float("nan"), 2**53, {1: 2}, "\ud800", {"a": {1, 2}}, b"a"])
def test_what_it_has_no_form_for_is_refused(value):
    with pytest.raises(ValueError, match=r"canonical|UTF-8|text"):
        canonical(value)


def test_the_tree_is_the_one_of_certificate_transparency():
    # RFC 6962 §2.1, with the test data of its reference implementation: leaves "", 00, 10, 2021, 3031, 40414243.
    data = [b"", b"\x00", b"\x10", b"\x20\x21", b"\x30\x31", b"\x40\x41\x42\x43"]
    leaves = [leaf_hash(each) for each in data]
    assert root([]).hex() == sha256(b"").hexdigest()
    assert root(leaves[:1]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert root(leaves[:2]).hex() == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    assert root(leaves[:3]).hex() == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"
    assert root(leaves[:6]).hex() == "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=20, unique=True), st.data())
def test_another_order_or_number_of_leaves_is_another_root(data, draw):
    leaves = [leaf_hash(each) for each in data]
    other = draw.draw(st.permutations(leaves)) if draw.draw(st.booleans()) else leaves[:-1]
    assert (root(other) == root(leaves)) is (other == leaves)
