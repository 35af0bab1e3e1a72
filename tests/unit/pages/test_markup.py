"""Nothing that is no markup becomes markup."""

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from brightspot.pages.markup import Markup, element, figure, joined

HOSTILE = """<script>alert("x")</script>'"><img src=x onerror=alert(1)>&amp;</title>"""


@given(st.text(), st.text())
def test_any_text_comes_back_out_of_an_element_as_it_went_in(content, title):
    parsed = ET.fromstring(element("p", content or "-", title=title))
    kept = [
        each if (each in "\t\n\r" or each >= " ") and each not in "\ufffe\uffff" else "\ufffd"
        for each in content or "-"
    ]
    assert list(parsed) == []
    assert (parsed.text or "").replace("\r\n", "\n").replace("\r", "\n") == "".join(kept).replace("\r\n", "\n").replace(
        "\r", "\n"
    )


def test_hostile_text_is_text_in_content_and_in_attributes():
    parsed = ET.fromstring(element("div", HOSTILE, element("b", HOSTILE), title=HOSTILE, class_=HOSTILE))
    assert [each.tag for each in parsed.iter()] == ["div", "b"]
    assert (parsed.text, parsed[0].text, parsed.get("title"), parsed.get("class")) == (HOSTILE,) * 4


def test_markup_is_not_escaped_twice():
    assert joined(element("b", "a & b"), " & c") == "<b>a &amp; b</b> &amp; c"
    assert isinstance(joined("x"), Markup)


def test_an_attribute_of_none_is_left_out_and_numbers_are_short():
    assert element("rect", x=1.0, y=2.25, width=None, aria_hidden="true") == '<rect x="1" y="2.2" aria-hidden="true"/>'


def test_a_figure_reads_itself_out():
    svg = ET.fromstring(figure("a", "Title", "What it shows", 10, 20))
    names = {each.get("id"): each.text for each in svg}
    assert svg.get("role") == "img"
    assert [names[each] for each in svg.get("aria-labelledby").split()] == ["Title", "What it shows"]
