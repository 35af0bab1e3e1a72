"""An ArcGIS server says "error" with HTTP 200, and cuts a long list short: neither is an answer."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.locations.collectors.live.arcgis import attributes
from brightspot.locations.collectors.live.errors import SourceFailed


class Row(msgspec.Struct):
    A: int


def read(answer):
    return attributes(json.dumps(answer).encode(), Row)


def test_the_attributes_of_every_feature():
    answer = {"fields": [], "features": [{"attributes": {"A": 1, "B": 2}}, {"attributes": {"A": 3}}]}
    assert read(answer) == [Row(1), Row(3)]


def test_no_feature_is_an_answer():
    assert read({"features": []}) == []


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"error": {"code": 400, "message": "Invalid URL", "details": []}}, r"an error \(400: Invalid URL\)"),
        ({"error": {}, "features": []}, "an error"),
        ({"error": {"code": 1, "message": "x" * 999}}, r"an error \(1: x{100}\)"),
        ({}, "no features"),
        ({"features": None}, "no features"),
        ({"features": [{"attributes": {"A": 1}}], "exceededTransferLimit": True}, "not whole"),
        ({"features": [{}]}, "not what it should be"),
        ({"features": [{"attributes": {"A": "1"}}]}, "not what it should be"),
        ({"features": [{"attributes": {"B": 1}}]}, "not what it should be"),
        ([], "not what it should be"),
    ],
)
def test_what_is_no_answer_is_a_failure(answer, reason):
    with pytest.raises(SourceFailed, match=reason):
        read(answer)


@given(body=st.binary(max_size=200))
def test_bytes_of_any_kind_are_a_failure_and_nothing_worse(body):
    with pytest.raises(SourceFailed):
        attributes(body, Row)
