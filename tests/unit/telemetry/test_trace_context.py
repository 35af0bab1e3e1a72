"""W3C Trace Context and X-Ray's header as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.telemetry.trace_context import (
    Parent,
    new_trace_id,
    parent_in,
    share_of,
    state_in,
    xray_id,
    xray_parent_in,
)

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
HEX = "0123456789abcdef"
IDS = st.builds(
    Parent,
    st.text(HEX, min_size=32, max_size=32).filter(lambda text: text.strip("0")),
    st.text(HEX, min_size=16, max_size=16).filter(lambda text: text.strip("0")),
    st.booleans(),
)


@given(IDS)
def test_what_is_written_is_read_again(parent):
    assert parent_in(parent.text) == parent


@given(IDS)
def test_an_id_goes_to_x_ray_and_back(parent):
    header = f"Root={xray_id(parent.trace_id)};Parent={parent.span_id};Sampled={int(parent.sampled)}"
    assert xray_parent_in(header) == parent


@given(st.text(max_size=80) | st.from_regex(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}.?.?", fullmatch=True))
def test_any_text_is_read_or_ignored(text):
    found = parent_in(text)
    if found is None:
        return
    assert parent_in(found.text) == found
    assert (len(found.trace_id), len(found.span_id)) == (32, 16)
    assert found.trace_id.strip("0")
    assert found.span_id.strip("0")
    assert not text.startswith("ff")


@given(st.text(max_size=120))
def test_any_header_of_x_ray_is_read_or_ignored(text):
    assert xray_parent_in(text) is None or parent_in(xray_parent_in(text).text) is not None


# The examples of w3.org/TR/trace-context, "Versioning of traceparent" and "traceparent Header Field Values".
@pytest.mark.parametrize(
    ("text", "sampled"),
    [
        (f"00-{TRACE}-{SPAN}-01", True),
        (f"00-{TRACE}-{SPAN}-00", False),
        (f"00-{TRACE}-{SPAN}-ff", True),
        (f"00-{TRACE}-{SPAN}-02", False),
        (f"cc-{TRACE}-{SPAN}-01", True),
        (f"cc-{TRACE}-{SPAN}-01-what-the-future-will-be-like", True),
    ],
)
def test_the_flag_says_whether_a_trace_is_recorded(text, sampled):
    assert parent_in(text) == Parent(TRACE, SPAN, sampled)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        f"00-{TRACE}-{SPAN}",
        f"00-{TRACE}-{SPAN}-01-what-the-future-will-be-like",
        f"00-{TRACE}-{SPAN}-01.",
        f"cc-{TRACE}-{SPAN}-01.what",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE}-{SPAN}-01\n",
        f"00-{TRACE}-{SPAN}-01,00-{TRACE}-{SPAN}-01",
    ],
)
def test_what_the_standard_ignores_is_ignored(text):
    assert parent_in(text) is None


@pytest.mark.parametrize(
    ("header", "sampled"), [("Sampled=1", True), ("Sampled=0", False), ("Sampled=?", False), ("Lineage=1:a:0", False)]
)
def test_x_rays_header_in_any_order(header, sampled):
    ours = f"Parent={SPAN};{header};Root=1-{TRACE[:8]}-{TRACE[8:]}"
    assert xray_parent_in(ours) == Parent(TRACE, SPAN, sampled)


@pytest.mark.parametrize(
    "header", ["", "Root=1-5759e988-bd862e3fe1be46a994272793", f"Root=2-{TRACE};Parent={SPAN}", ";="]
)
def test_a_header_of_x_ray_without_a_parent_is_none(header):
    assert xray_parent_in(header) is None


@pytest.mark.parametrize(
    ("sent", "kept"), [("a=1,b=2", "a=1,b=2"), ("", None), (None, None), ("a=\n1", None), ("a" * 513, None)]
)
def test_a_state_is_passed_on_when_it_can_do_no_harm(sent, kept):
    assert state_in(sent) == kept


def test_the_share_of_new_traces_below_a_ratio_is_that_ratio():
    shares = [share_of(new_trace_id()) for _ in range(20_000)]
    assert all(0 <= each < 1 for each in shares)
    for ratio in (0.05, 0.5, 0.9):  # the standard error is at most 0.0035
        assert abs(sum(each < ratio for each in shares) / len(shares) - ratio) < 0.02
