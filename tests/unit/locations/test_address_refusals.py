"""What parse() refuses, and that each refusal says what was understood and what to send."""

import re

import pytest

from brightspot.core.errors import BrightspotError
from brightspot.locations.addresses.errors import AddressError, AddressRefused
from brightspot.locations.addresses.parser import parse

_ADVICE = re.compile("[Ss]end|did you mean|a ZIP has five digits|add its state and ZIP")

REFUSALS = [
    ("", "empty", "Send a US address such as"),
    (" \t\r\n ", "empty", "Send a US address such as"),
    (",,; ,", "empty", "Send a US address such as"),
    ("?!", "empty", "The address is empty"),
    ("\u200b\ufeff", "empty", "The address is empty"),
    ("A" * 10_000, "too_long", "10,000 characters; an address has at most 300"),
    ("1 Elm St, Duluth, MN " + " " * 300, "too_long", "at most 300"),
    ("\ufdfa" * 200, "too_long", "at most 300"),
    ("Rochester\x00, MN", "control_character", "Character 10 of the address is U+0000"),
    ("Rochester\x1b[31m, MN", "control_character", "U+001B"),
    ("Rochester\x85MN", "control_character", "U+0085"),
    ("Rochester, \u202eNM", "control_character", "U+202E"),
    ("Rochester, \u2066MN", "control_character", "plain text"),
    ("Rochester, \ud800MN", "control_character", "U+D800"),
    ("1001", "bad_zip", "did you mean 01001?"),
    ("501", "bad_zip", "did you mean 00501?"),
    ("Agawam, MA 1001", "bad_zip", "did you mean 01001?"),
    ("Agawam MA 1001-1234", "bad_zip", "did you mean 01001?"),
    ("12", "bad_zip", "a ZIP has five digits."),
    ("559011", "bad_zip", '"559011" is not a ZIP: a ZIP has five digits'),
    ("Rochester, MN 559011", "bad_zip", '"55901-1234"'),
    ("Rochester, MN 55901-12", "bad_zip", '"55901-12" is not a ZIP'),
    ("Rochester, MN " + "5" * 200, "bad_zip", "is not a ZIP"),
    ("55901, 55902", "two_zips", "55901 and 55902. Send one address at a time"),
    ("Toronto, ON", "not_us", "looks like one in Canada"),
    ("Toronto ON M5V 2T6", "not_us", "Canada"),
    ("Toronto, Ontario", "not_us", "Canada"),
    ("Toronto, Ontario, CA", "not_us", "Canada"),
    ("Vancouver, BC, CA", "not_us", "Canada"),
    ("1 Rideau St, Ottawa, ON, K1N 8S7, Canada", "not_us", "Canada"),
    ("10 Downing Street, London SW1A 2AA", "not_us", "the United Kingdom"),
    ("London, UK", "not_us", "the United Kingdom"),
    ("Edinburgh, Scotland", "not_us", "Scotland"),
    ("Ciudad de M\u00e9xico, CDMX 06600", "not_us", "Mexico"),
    ("Av. Reforma 1, C.P. 06600, Cuauht\u00e9moc", "not_us", "Mexico"),
    ("Guadalajara, M\u00e9xico", "not_us", "Mexico"),
    ("Paris France", "not_us", "France"),
    ("75001 Paris, France", "not_us", "France"),
    ("Unter den Linden 1, 10117 Berlin, Deutschland", "not_us", "Germany"),
    ("Lima, Peru", "not_us", "If it is in the US, add its state and ZIP"),
    ("Sydney NSW 2000, Australia", "not_us", "Australia"),
    ("123 Main St", "no_place", "street 123 Main St, but no ZIP and no city"),
    ("PO Box 12", "no_place", "po box 12, but no ZIP and no city"),
    ("MN", "no_place", "state Minnesota (MN), but no ZIP and no city"),
    ("100 5th Ave NE", "no_place", "street 100 5th Ave NE"),
    ("USA", "no_place", "No ZIP and no city could be read"),
    ("\u6771\u4eac\u90fd", "no_place", "No ZIP and no city could be read"),
]


@pytest.mark.parametrize(("written", "reason", "told"), REFUSALS)
def test_what_is_no_us_address_is_refused_with_what_to_send(written, reason, told):
    with pytest.raises(AddressRefused) as refusal:
        parse(written)
    assert refusal.value.reason == reason
    assert told in refusal.value.detail
    assert _ADVICE.search(refusal.value.detail)


def test_a_refusal_tells_by_name_what_was_understood():
    with pytest.raises(AddressRefused) as refusal:
        parse("123 Main St, Apt 4, Minnesota")
    assert refusal.value.understood == {"street": "123 Main St Apt 4", "state": "Minnesota (MN)"}


def test_a_refusal_of_another_country_names_it():
    with pytest.raises(AddressRefused) as refusal:
        parse("Toronto, ON")
    assert refusal.value.understood == {"country": "Canada"}


def test_a_long_street_is_cut_in_what_is_told():
    with pytest.raises(AddressRefused) as refusal:
        parse("PO Box 1, 12 " + "Elmwood-" * 20 + "9 St")
    assert len(refusal.value.understood["street"]) <= 48
    assert "Elmwood " * 12 not in refusal.value.detail


def test_every_address_error_is_one_of_ours():
    assert issubclass(AddressError, BrightspotError)


@pytest.mark.parametrize(
    "written",
    [
        "Peru",
        "Lebanon",
        "Jordan 55352",
        "South Holland 60473",
        "Mexico, MO",
        "Holland, MI",
        "Cuba, NY",
        "Canada Rd, Ely, MN",
    ],
)
def test_a_us_town_named_like_a_country_is_not_taken_for_one(written):
    assert parse(written).city
