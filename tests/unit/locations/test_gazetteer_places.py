"""Where the gazetteer puts addresses, on the embedded dataset itself."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brightspot.locations.addresses.errors import AddressNotFound
from brightspot.locations.dataset.file import Dataset
from brightspot.locations.dataset.geo import haversine_miles
from brightspot.locations.gazetteer.locate import Gazetteer


@pytest.fixture(scope="module")
def dataset():
    opened = Dataset()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def gazetteer(dataset):
    return Gazetteer(dataset)


@pytest.fixture(scope="module")
def populated(dataset):
    return dataset.rows("SELECT zip, city, state FROM zips WHERE population > 0 ORDER BY zip")


@pytest.mark.parametrize(
    ("written", "zip_code", "county"),
    [
        ("Rochester, MN 55901", "55901", "Olmsted County"),
        ("St. Paul, MN 55101", "55101", "Ramsey County"),
        ("Duluth, MN 55802", "55802", "St. Louis County"),
    ],
)
def test_the_three_seed_addresses_are_their_zips(gazetteer, written, zip_code, county):
    place = gazetteer.locate(written)
    assert (place.zip, place.data_zip, place.state, place.county) == (zip_code, int(zip_code), "MN", county)
    assert place.precision == "zip_centroid"
    assert 0 < place.uncertainty_miles < 5
    assert place.notes == ()
    assert place.alternatives == ()


def test_a_zip_and_its_city_spelled_out_are_one_place_with_one_normal_form(gazetteer):
    place = gazetteer.locate("55901")
    assert place.normal_form == "ROCHESTER, MN 55901"
    for written in ("rochester mn 55901", "Rochester, Minnesota 55901-1234, USA", "55901 Rochester", "MN 55901"):
        assert gazetteer.locate(written) == place


def test_a_street_address_is_its_zip_and_says_so(gazetteer):
    street = gazetteer.locate("200 1st St SW, Rochester, MN 55905-0001")
    assert street.normal_form == "200 1ST ST SOUTHWEST, ROCHESTER, MN 55905"
    assert "Street positions are not in the embedded data" in street.notes[0]
    bare = gazetteer.locate("55905")
    assert (street.lat, street.lon, street.uncertainty_miles) == (bare.lat, bare.lon, bare.uncertainty_miles)


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("77 El Camino Real Palo Alto CA", "77 EL CAMINO REAL, PALO ALTO, CA"),
        ("123 Calle Sol San Juan PR 00901", "123 CALLE SOL, SAN JUAN, PR 00901"),
        ("4 Elm St Port St Lucie FL", "4 ELM ST, PORT ST LUCIE, FL"),
        ("34952 Port St Lucie, FL", "PORT ST LUCIE, FL 34952"),
        ("100 Main St, Washington 20001", "100 MAIN ST, WASHINGTON, DC 20001"),
        ("Fort Washington 19034", "FT WASHINGTON, PA 19034"),
        ("Main St, Lebanon 17042", "MAIN ST, LEBANON, PA 17042"),
        ("New York City, NY", "NEW YORK, NY"),
        ("NYC, NY 10001", "NEW YORK, NY 10001"),
        ("350 5th Ave, NY, NY 10118", "350 5TH AVE, NEW YORK, NY 10118"),
        ("29 Palms, CA", "TWENTYNINE PALMS, CA"),
    ],
)
def test_real_city_names_settle_what_commas_leave_open(gazetteer, written, form):
    assert gazetteer.locate(written).normal_form == form


def test_a_city_is_the_middle_of_its_people_with_its_other_zips_offered(gazetteer):
    place = gazetteer.locate("Rochester, MN")
    assert place.precision == "city_centroid"
    assert place.zip == "55901"
    assert {other.zip for other in place.alternatives} == {"55902", "55904", "55906"}
    populations = [other.population for other in place.alternatives]
    assert populations == sorted(populations, reverse=True)
    assert "4 populated ZIPs" in place.notes[0]
    assert gazetteer.locate("55901").uncertainty_miles < place.uncertainty_miles < 10
    for other in place.alternatives:
        there = gazetteer.locate(other.zip)
        assert other.miles == pytest.approx(haversine_miles(place.lat, place.lon, there.lat, there.lon), abs=0.01)


def test_a_large_city_offers_its_ten_most_populous_zips_and_tells_how_many_there_are(gazetteer):
    place = gazetteer.locate("New York, NY")
    assert len(place.alternatives) == 10
    assert "46 populated ZIPs" in place.notes[0]


def test_another_city_than_the_zips_main_one_is_taken_with_a_note(gazetteer):
    place = gazetteer.locate("Byron, MN 55901")
    assert place.zip == "55901"
    assert place.city == "Rochester"
    assert "The main city of 55901 is Rochester, you wrote Byron" in place.notes[0]
    assert "check the ZIP" not in place.notes[0]


def test_a_city_far_from_the_zip_is_taken_with_a_warning(gazetteer):
    assert "Paris is 87 miles away: check the ZIP" in gazetteer.locate("Paris, TX 75001").notes[0]


def test_a_po_box_is_no_site_and_says_so(gazetteer):
    assert "A PO box is not a site" in gazetteer.locate("PO Box 12, Rochester, MN 55901").notes[0]


def test_a_zip_without_an_area_stands_at_its_own_point_with_its_hosts_figures(gazetteer):
    place, host = gazetteer.locate("20500"), gazetteer.locate("20006")
    assert (place.precision, place.data_zip) == ("po_box_zip", 20006)
    between = haversine_miles(place.lat, place.lon, host.lat, host.lon)
    assert place.uncertainty_miles == pytest.approx(between + host.uncertainty_miles, abs=0.02)
    assert f"ZIP figures are those of 20006, {between:.1f} miles away" in place.notes[0]


@pytest.mark.parametrize(
    ("written", "state"),
    [
        ("San Juan, PR 00901", "PR"),
        ("Hagatna, Guam", "GU"),
        ("St. Thomas, VI 00802", "VI"),
        ("Pago Pago, AS 96799", "AS"),
        ("96950", "MP"),
    ],
)
def test_a_territory_is_located_like_a_state(gazetteer, written, state):
    place = gazetteer.locate(written)
    assert place.state == state
    assert place.uncertainty_miles > 0


def test_every_zip_of_the_states_is_located_or_refused_for_a_reason(gazetteer, dataset):
    refused = set()
    for (number,) in dataset.rows("SELECT zip FROM zips WHERE zip % 7 = 0"):
        try:
            place = gazetteer.locate(f"{number:05d}")
        except AddressNotFound as refusal:
            refused.add(refusal.reason)
        else:
            assert place.uncertainty_miles > 0
            assert place.precision in {"zip_centroid", "po_box_zip"}
    assert refused == {"military", "not_us", "no_position"}


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False))
def test_city_state_and_zip_in_any_case_and_spacing_are_the_place_of_the_zip(gazetteer, populated, chance):
    number, city, state = chance.choice(populated)
    text = f"{city}, {state} {number:05d}"
    varied = "".join(chance.choice((letter.lower(), letter.upper())) for letter in text)
    spaced = varied.replace(" ", " " * chance.randint(1, 3)).replace(",", chance.choice((",", " ,", "")))
    named, bare = gazetteer.locate(f" {spaced} "), gazetteer.locate(f"{number:05d}")
    assert replace(named, notes=()) == replace(bare, notes=())
    assert gazetteer.locate(bare.normal_form) == bare


@settings(max_examples=100, deadline=None)
@given(st.randoms(use_true_random=False))
def test_every_city_of_the_dataset_is_found_by_its_name(gazetteer, populated, chance):
    _, city, state = chance.choice(populated)
    place = gazetteer.locate(f"{city}, {state}")
    assert (place.state, place.precision) == (state, "city_centroid")
    assert gazetteer.locate(place.normal_form) == place
