"""Whatever the text, parse() reads it or refuses it, and spelling does not change what it reads."""

import string

from hypothesis import example, given, settings
from hypothesis import strategies as st

from brightspot.locations.addresses.errors import AddressError
from brightspot.locations.addresses.parser import parse
from brightspot.locations.addresses.regions import STATE_NAMES

_PIECES = (
    "Saint,St.,N,PO Box,Apt,#,123,1st,55901,1001,Main,Avenue,Ct,Rochester,Canada,USA,County,-,/,"
    "55901-1234,Fort,way,NE,ZIP"
)
_WORDS = st.sampled_from([*STATE_NAMES, *STATE_NAMES.values(), *_PIECES.split(","), ","])
_ADDRESS_LIKE = st.lists(_WORDS, max_size=12).map(" ".join)
_KEYBOARD = st.text(alphabet=string.ascii_letters + string.digits + " ,.-'#/&()\n", max_size=60)
_CITIES = st.sampled_from(["Rochester", "Saint Paul", "O'Fallon", "Winston-Salem", "New York", "Fort Worth", "Ely"])
_STREETS = st.sampled_from(["", "12 Oak Ct, ", "123 North Main Street, Apt. 4, ", "PO Box 77, ", "1 OR 2 Union St, "])
_ZIPS = st.sampled_from(["", "55901", "00501", "55901-1234"])


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.one_of(st.text(max_size=400), _ADDRESS_LIKE, _KEYBOARD))
@example("a" * 10_000)
@example("\ud800")
@example("&amp; 12 ##")
def test_any_text_is_read_or_refused_and_never_echoed_at_length(text):
    read = _read_or_refused(text)
    if isinstance(read, AddressError):
        told = [read.detail, *read.understood.values()]
        assert read.reason
        assert not any(text[start : start + 101] in each for each in told for start in range(len(text) - 100))
    else:
        assert read.city or read.zip5
        assert read.normal_form == read.normal_form.upper()


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.one_of(_ADDRESS_LIKE, _KEYBOARD))
def test_a_normal_form_with_a_state_reads_as_itself(text):
    read = _read_or_refused(text)
    if not isinstance(read, AddressError) and read.state:  # a city called Mount, without one, becomes "MT"
        assert parse(read.normal_form).normal_form == read.normal_form


@settings(max_examples=200, deadline=None, derandomize=True)
@given(_STREETS, _CITIES, st.sampled_from(sorted(STATE_NAMES)), _ZIPS, st.randoms(use_true_random=False))
def test_case_and_spacing_do_not_change_the_normal_form(street, city, state, zip_code, random):
    text = f"{street}{city}, {state} {zip_code}"
    varied = "".join(random.choice([character.lower(), character.upper()]) for character in text)
    spaced = varied.replace(" ", " " * random.randint(1, 3)).replace(",", random.choice([",", " ,", ", ", "\n"]))
    assert parse(f"  {spaced} ").normal_form == parse(text).normal_form


def _read_or_refused(text):
    try:
        return parse(text)
    except AddressError as refusal:
        return refusal
