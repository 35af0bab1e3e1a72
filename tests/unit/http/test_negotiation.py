"""Accept-Encoding, by RFC 9110 §12.5.3."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.http.negotiation import Choice, choice, media_type, weighted

OFFERED = ("zstd", "br", "gzip")
codings = st.sampled_from([*OFFERED, "identity", "*", "x-gzip", "deflate", "GZip"])
members = st.tuples(codings, st.integers(0, 1000)).map(lambda pair: f"{pair[0]};q={pair[1] / 1000:.3f}")
fields = st.lists(members | codings | st.text(max_size=8), max_size=6).map(", ".join)


@pytest.mark.parametrize(
    ("field", "coding"),
    [  # the examples of the RFC
        ("compress, gzip", "gzip"),
        ("", None),
        ("*", "zstd"),
        ("compress;q=0.5, gzip;q=1.0", "gzip"),
        ("gzip;q=1.0, identity; q=0.5, *;q=0", "gzip"),
    ],
)
def test_the_examples_of_the_rfc_are_read_as_it_says(field, coding):
    assert choice(field, OFFERED).coding == coding


@pytest.mark.parametrize(
    ("field", "coding"),
    [
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate, br", "br"),
        ("zstd;q=0.5, gzip;q=0.8, br;q=0.8", "br"),
        ("gzip;q=0.001", "gzip"),
        ("br;q=0, *", "zstd"),
        ("zstd;q=0, br;q=0, *;q=0.1", "gzip"),
        ("X-GZIP", "gzip"),
        ("deflate, compress", None),
        ("gzip;q=0", None),
        ("identity, gzip;q=0.5", None),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("gzip;Q=0.5 , br ; q=0.6,,", "br"),
        ("gzip;q=2, br;q=0.1", "br"),
        ("gzip;q=0.1234, br;level=3, zstd q=1", None),
        ("gzip;q=0, gzip", None),
    ],
)
def test_the_highest_weight_wins_and_of_equals_the_first_on_offer(field, coding):
    assert choice(field, OFFERED) == Choice(coding)


def test_a_client_that_names_no_coding_gets_none():
    assert choice(None, OFFERED) == Choice(None)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("identity;q=0, gzip", Choice("gzip", required=True)),
        ("*;q=0, br;q=0.1", Choice("br", required=True)),
        ("*;q=0, identity", Choice(None)),
        ("identity;q=0", Choice(None, required=True)),
        ("*;q=0", Choice(None, required=True)),
    ],
)
def test_who_refuses_identity_gets_it_only_where_nothing_else_is_left(field, expected):
    assert choice(field, OFFERED) == expected


@given(st.text() | fields)
def test_whatever_is_sent_what_is_chosen_is_acceptable(field):
    chosen = choice(field, OFFERED)
    coding, weights = chosen.coding, weighted(field)
    assert all(0 <= each <= 1 for each in weights.values())
    if coding is not None:
        most = weights.get(coding, weights.get("*", 0))
        assert most > 0
        assert most >= max(weights.get(each, weights.get("*", 0)) for each in OFFERED)
        assert most >= weights.get("identity", 0)
    elif not chosen.required:
        assert weights.get("identity", weights.get("*", 1)) > 0


@given(fields, st.permutations(OFFERED))
def test_the_order_on_offer_matters_only_among_equals(field, order):
    one, other = choice(field, OFFERED), choice(field, order)
    weights = weighted(field)
    if one.coding != other.coding:
        assert weights.get(one.coding, weights.get("*")) == weights.get(other.coding, weights.get("*"))


@pytest.mark.parametrize(
    ("field", "chosen"),
    [
        (None, "a/b"),
        ("", "a/b"),
        ("*/*", "a/b"),
        ("c/d", "c/d"),
        ("c/*, a/b;q=0.9", "c/d"),
        ("c/d;q=0.5, */*", "a/b"),
        ("a/b;q=0, */*", "c/d"),
        ("C/D;charset=utf-8;Q=1, a/b;q=0.999", "c/d"),
        ("c/d;q=2", "a/b"),
        ("x/y", "a/b"),
    ],
)
def test_a_media_type_is_chosen_by_weight_and_a_named_one_before_a_range(field, chosen):
    assert media_type(field, ["a/b", "c/d"]) == chosen
