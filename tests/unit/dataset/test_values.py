"""What a published value means."""

import pytest

from dataset.values import growth, known, ratio, stored, total


@pytest.mark.parametrize("raw", [None, "", "-", "**", "N", "(X)", float("nan"), -666666666, "-999999999", -222222222.0])
def test_every_way_of_saying_unknown_is_none(raw):
    assert known(raw) is None


@pytest.mark.parametrize(("raw", "number"), [("0", 0.0), (0, 0.0), ("1,234", 1234.0), ("1000.000", 1000.0), (-3, -3.0)])
def test_zero_and_other_numbers_are_themselves(raw, number):
    assert known(raw) == number


def test_a_large_fall_of_wages_is_no_annotation_value():
    assert known("-245123456") == -245123456.0


def test_a_value_that_is_neither_number_nor_text_is_refused():
    with pytest.raises(TypeError, match="list"):
        known([1])


def test_stored_values_are_scaled_integers_and_unknown_stays_unknown():
    assert stored(16.59, 2) == 1659
    assert stored(0.0, 1) == 0
    assert stored(None, 1) is None


def test_half_a_sum_is_no_sum():
    assert total([1.0, 2.0]) == 3.0
    assert total([1.0, None]) is None
    assert total([]) is None


def test_a_ratio_to_nothing_is_unknown():
    assert ratio(1.0, 4.0, 100.0) == 25.0
    assert ratio(0.0, 4.0) == 0.0
    assert ratio(1.0, 0.0) is None
    assert ratio(None, 4.0) is None


def test_growth_is_in_percent_of_the_base():
    assert growth(110.0, 100.0) == pytest.approx(10.0)
    assert growth(1.0, 0.0) is None
