"""Entity tags, and If-None-Match by RFC 9110 §13.1.2."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.http.conditional import entity_tag, names

TAG = 'W/"xyzzy"'
leaves = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5)
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
)


@pytest.mark.parametrize(
    "field",
    ['"xyzzy"', 'W/"xyzzy"', '"xyzzy", "r2d2xxxx", "c3piozzzz"', 'W/"r2d2xxxx", W/"xyzzy"', "*", " * ", ', "xyzzy" ,,'],
)
def test_a_tag_is_found_by_weak_comparison_wherever_it_is_listed(field):
    assert names(field, TAG)
    assert names(field, '"xyzzy"')


@pytest.mark.parametrize(
    "field", ["", '"XYZZY"', '"r2d2xxxx"', "xyzzy", '"xyzzy', 'w/"xyzzy"', '"xyzzy" "r2d2"', '*, "xyzzy"', '"a,xyzzy"']
)
def test_another_tag_and_what_is_no_list_of_tags_name_nothing(field):
    assert not names(field, TAG)


def test_a_comma_inside_a_tag_parts_nothing():
    assert names('"a", "b,c"', 'W/"b,c"')
    assert not names('"a,W/b"', 'W/"b"')


@given(st.text() | st.lists(st.sampled_from(['"a"', 'W/"a"', ",", " ", "*", "W/", '"', "é"]), max_size=12).map("".join))
def test_no_field_is_too_odd_to_be_compared(field):
    assert names(field, entity_tag(b"anything")) is (field.strip(" \t") == "*")


@given(st.lists(values.map(lambda each: entity_tag(json.dumps(each).encode())), min_size=1, max_size=4), st.data())
def test_every_tag_is_found_in_a_list_of_it(tags, data):
    listed = data.draw(st.permutations([each.removeprefix(data.draw(st.sampled_from(["", "W/"]))) for each in tags]))
    assert all(names(data.draw(st.sampled_from([", ", ",", " , , "])).join(listed), each) for each in tags)


def test_a_long_field_that_is_almost_a_list_is_read_in_no_time():
    assert not names('"a" , ,,' * 1200 + '"', TAG)


def test_the_tag_is_of_the_content_and_weak():
    assert entity_tag(b"one") == entity_tag(b"one") != entity_tag(b"two")
    assert entity_tag(b"").startswith('W/"')


@given(values, st.floats(0, 1e9), st.floats(0, 1e9))
def test_ages_do_not_count_wherever_they_stand_and_all_else_does(value, before, after):
    def told(age, content=value):
        return json.dumps({"age_seconds": age, "in": [{"content": content, "cache_age_seconds": age}]}).encode()

    ages = ("age_seconds", "cache_age_seconds")
    assert entity_tag(told(before), ages) == entity_tag(told(after), ages)
    assert entity_tag(told(before), ages) != entity_tag(told(before, [value]), ages)


def test_what_is_no_json_counts_as_it_is():
    assert entity_tag(b"<p>age_seconds", ("age_seconds",)) == entity_tag(b"<p>age_seconds")
