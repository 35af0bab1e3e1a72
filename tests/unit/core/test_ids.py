"""Ids sort by time and do not repeat."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from brightspot.core.ids import derived_id, earliest_id, is_id, new_id


def test_an_id_is_26_characters_of_crockford_base_32():
    made = new_id(datetime(2026, 11, 22, tzinfo=UTC))
    assert len(made) == 26
    assert set(made) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")


@given(st.datetimes(datetime(2000, 1, 1), datetime(2200, 1, 1)), st.integers(1, 10**6))  # noqa: DTZ001  # made aware below
def test_a_later_id_sorts_after_an_earlier_one(moment, milliseconds):
    at = moment.replace(tzinfo=UTC, microsecond=0)
    assert new_id(at) < new_id(at + timedelta(milliseconds=milliseconds))


def test_a_thousand_ids_of_one_moment_differ():
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert len({new_id(at) for _ in range(1000)}) == 1000


def test_the_earliest_id_of_a_moment_parts_what_was_made_before_from_what_was_made_after():
    at = datetime(2026, 11, 20, 12, 30, 7, 1000, tzinfo=UTC)
    millisecond = timedelta(milliseconds=1)
    for _ in range(50):
        assert new_id(at - millisecond) < earliest_id(at) <= new_id(at) < earliest_id(at + millisecond)


def test_only_what_could_be_an_id_has_the_shape_of_one():
    assert is_id(new_id(datetime(9999, 1, 1, tzinfo=UTC)))
    assert not any(is_id(text) for text in ("", "8" + "0" * 25, "0" * 25, "0" * 27, "0" * 25 + "I", "0" * 25 + "a"))


def test_a_derived_id_is_the_same_for_the_same_seed_and_moment_and_sorts_as_others_do():
    at = datetime(2026, 11, 28, 12, tzinfo=UTC)
    assert is_id(derived_id(at, "run/1"))
    assert derived_id(at, "run/1") == derived_id(at, "run/1")
    assert len({derived_id(at, f"run/{row}") for row in range(1000)}) == 1000
    assert earliest_id(at) <= derived_id(at, "run/1") < earliest_id(at + timedelta(milliseconds=1))
