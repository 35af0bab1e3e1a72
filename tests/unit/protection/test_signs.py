"""Attacks are found, in any two layers of encoding; addresses and names never are."""

import csv
import string
from html import escape
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brightspot.core.codec import dumps
from brightspot.locations.addresses.regions import STATE_NAMES
from brightspot.protection import CATEGORIES, Part, examine
from brightspot_local.paths import ROOT
from tests.unit.protection.attacks import ATTACKS, EACH, HONEST

ADDRESSES = ROOT / "infrastructure" / "brightspot_local" / "acceptance" / "addresses.csv"
LAYERS = {
    "percent": lambda text: quote(text, safe=""),
    "every percent": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "entity": escape,
    "decimal": lambda text: "".join(f"&#{ord(each)};" for each in text),
    "hexadecimal": lambda text: "".join(f"&#x{ord(each):x};" for each in text),
    "unicode": lambda text: "".join(f"\\u{ord(each):04x}" for each in text),
    "iis": lambda text: "".join(f"%u{ord(each):04x}" for each in text),
    "nothing": lambda text: text,
}


def found(text, kind="text"):
    return examine([Part("x", kind, text if isinstance(text, bytes) else text.encode())])


@pytest.mark.parametrize(("category", "attack"), EACH)
def test_an_attack_is_found_in_a_text_a_query_and_a_string_of_json(category, attack):
    ways = [
        found(attack),
        found(dumps({"address": attack}), "body"),
        found(dumps({"addresses": ["Rochester, MN 55901", attack]}), "body"),
        found(f"address={quote(attack, safe='')}&limit=10", "query"),
    ]
    for verdict in ways:
        assert category in verdict.categories, verdict
        assert verdict.score >= 5
    assert [finding.where for finding in ways[1].findings] == ["address"] * len(ways[1].findings)


def test_the_attacks_cover_every_category():
    assert set(ATTACKS) == set(CATEGORIES)


@settings(max_examples=600, deadline=None, derandomize=True)
@given(
    st.sampled_from(EACH), *[st.sampled_from(sorted(LAYERS))] * 2, st.text(string.ascii_letters + " ,.", max_size=12)
)
def test_two_layers_of_encoding_hide_nothing(case, first, second, before):
    category, attack = case
    hidden = LAYERS[second](LAYERS[first](f"{before} {attack}"))
    assert category in found(hidden).categories
    assert category in found(dumps({"address": hidden}), "body").categories


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.sampled_from(EACH), st.data())
def test_nor_does_encoding_some_characters_and_not_others(case, data):
    category, attack = case
    ways = st.sampled_from(["every percent", "hexadecimal", "unicode", "nothing"])
    assert category in found("".join(LAYERS[data.draw(ways)](each) for each in attack)).categories


@pytest.mark.parametrize("text", HONEST)
def test_honest_texts_score_nothing(text):
    assert found(text).findings == ()
    assert found(dumps({"address": text, "persona": "business"}), "body").findings == ()
    assert found(f"address={quote(text)}", "query").findings == ()


def test_the_acceptance_addresses_score_nothing():
    rows = [*csv.DictReader(ADDRESSES.read_text().splitlines())]
    assert len(rows) == 80
    for row in rows:
        for text in (row["address"], row["place"]):
            assert found(dumps({"address": text}), "body").findings == ()


_WORDS = [
    "Main",
    "Oak",
    "Union",
    "Select",
    "Drop",
    "Table",
    "O'Brien",
    "St. Mary's",
    "Martin Luther King Jr",
    "Or",
    "And",
    "Like",
    "From",
    "Insert",
    "Delete",
    "Update",
    "Set",
    "Having",
    "Where",
    "Grant",
    "Execute",
    "Script",
    "Alert",
    "Style",
    "Link",
    "Cat",
    "Ruby",
    "Echo",
    "Dig",
    "Sleep",
    "Kings'",
    "1st",
    "5th",
    "De L'Epee",
    "Between",
]
_NUMBERS = st.one_of(st.integers(1, 99999).map(str), st.sampled_from(["1/2", "12-A", "N6W23001", "100 1/2"]))
_NAMES = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3).map(" ".join)
_TYPES = st.sampled_from(["St", "Ave", "Dr", "Ln", "Rd", "Blvd", "Hwy", "Ct.", "& 2nd St", "and Main", "or Elm"])
_UNITS = st.sampled_from(
    ["", " #4", ", Apt. 4B", " Ste 100", ", Unit #12", " (rear)", "; Floor 2", " - Bldg C", ", c/o Al's"]
)
_CITIES = st.sampled_from(["Rochester", "O'Fallon", "Coeur d'Alene", "Winston-Salem", "Cañon City", "Hawai`i", "Union"])
_ADDRESSES = st.builds(
    "{} {} {}{}, {}, {} {:05}".format,
    _NUMBERS, _NAMES, _TYPES, _UNITS, _CITIES, st.sampled_from(sorted(STATE_NAMES.values())), st.integers(501, 99950),
)  # fmt: skip


@settings(max_examples=1500, deadline=None, derandomize=True)
@given(_ADDRESSES, st.sampled_from([str, str.upper, str.lower]))
def test_random_addresses_score_nothing_however_they_are_sent(address, case):
    text = case(address)
    assert found(dumps({"address": text, "radius_miles": 3.0}), "body").findings == ()
    assert found(f"address={quote(text)}&limit=10", "query").findings == ()
    assert found(f"/api/v1/history/{text}").findings == ()


AGENTS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5",
    "curl/8.5.0", "python-requests/2.32.3", "aws-sdk-go/1.44 (go1.21; linux; amd64)", "Wget/1.21.4",
]  # fmt: skip


@pytest.mark.parametrize("agent", AGENTS)
def test_browsers_and_programs_that_say_who_they_are_score_nothing(agent):
    assert found(agent, "header").findings == ()


def test_what_was_found_does_not_repeat_what_was_sent():
    verdict = found(dumps({"address": "<script>secret-word</script>"}), "body")
    assert "secret-word" not in repr(verdict)
