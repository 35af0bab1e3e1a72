"""Who counts as one client."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.ratelimit import Quota, per_minute, subject_of
from brightspot.ratelimit.subject import key_safe


@pytest.mark.parametrize(
    ("address", "subject"),
    [
        ("192.0.2.7", "192.0.2.7"),
        (" 192.0.2.7 ", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
    ],
)
def test_an_address_counts_as_its_customer(address, subject):
    assert subject_of(address) == subject


@pytest.mark.parametrize("address", ["", "not an address", "192.0.2.7, 10.0.0.1", "192.0.2.256", "\ud800}{"])
def test_anything_else_is_hashed_and_so_safe_in_a_key(address):
    subject = subject_of(address)
    assert subject.startswith("sha256:")
    assert key_safe(subject) == subject
    assert subject_of(address) == subject != subject_of(address + "x")


@pytest.mark.parametrize("subject", ["192.0.2.7", "2001:db8:1:2::/64", "user:42", "ada@example.org"])
def test_an_ordinary_subject_stands_in_the_key_as_it_is(subject):
    assert key_safe(subject) == subject


@pytest.mark.parametrize("subject", ["", "a}b", "{x}", "line\nbreak", "x" * 101])
def test_a_subject_that_could_break_the_hash_tag_is_hashed(subject):
    assert key_safe(subject).startswith("sha256:")


@given(st.text())
def test_whoever_asks_takes_no_more_than_a_bounded_key_without_a_second_hash_tag(subject):
    for each in (subject, subject_of(subject)):
        identity = Quota("a" * 40, per_minute(1), each).identity
        assert len(identity.encode()) <= 141
        assert not set("{}\r\n ") & set(identity)
