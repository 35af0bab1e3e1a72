"""What the gazetteer refuses, on a small table of its own, and what each refusal tells the sender."""

import sqlite3

import pytest

from brightspot.locations.addresses.city_names import city_key
from brightspot.locations.addresses.errors import AddressError, AddressNotFound
from brightspot.locations.gazetteer.locate import Gazetteer

# zip, state, city, kind, lat, lon, population, reach, tier, county, area, host, host miles (stored as integers)
ZIPS = [
    (55901, "MN", "Rochester", "standard", 4407766, -9249706, 58015, 324, 0, 27109, 40340, None, None),
    (55902, "MN", "Rochester", "standard", 4397000, -9248000, 24000, 400, 0, 27109, 40340, None, None),
    (55903, "MN", "Rochester", "po_box", 4402000, -9247000, None, None, None, 27109, 40340, 55902, 350),
    (55920, "MN", "Byron", "standard", 4403000, -9264000, 8000, 500, 1, 27109, 40340, None, None),
    (55955, "MN", "Mantorville", "po_box", 4407000, -9275000, None, None, None, 27109, 40340, 55920, 600),
    (56750, "MN", "Lonely", "po_box", 4480000, -9349706, None, None, None, None, None, None, None),
    (56751, "MN", "Lost", "po_box", None, None, None, None, None, None, None, None, None),
    (56752, None, "", "po_box", 4480000, -9349706, None, None, None, None, None, None, None),
    (53002, "WI", "Rochester", "standard", 4274000, -8822000, 3700, 300, 0, None, None, None, None),
    (14602, "NY", "Rochester", "standard", 4315000, -7761000, 200000, 100, 0, None, None, None, None),
    (96910, "GU", "Hagatna", "standard", 1345285, 14474719, None, 225, 0, 66010, None, None, None),
    (96932, "GU", "Hagatna", "po_box", 1347000, 14475000, None, None, None, 66010, None, None, None),
    (9012, "AE", "APO AE", "military", 4900000, 800000, None, None, None, None, None, None, None),
]


class Tables:
    """The dataset's seam over a database of this test's own."""

    def __init__(self, connection):
        self._connection = connection

    def rows(self, sql, parameters=()):
        return self._connection.execute(sql, parameters).fetchall()


@pytest.fixture(scope="module")
def gazetteer():
    connection = sqlite3.connect(":memory:")
    connection.executescript(
        "CREATE TABLE zips (zip INTEGER PRIMARY KEY, state TEXT, city TEXT, city_key TEXT, kind TEXT, lat INTEGER,"
        " lon INTEGER, population INTEGER, reach INTEGER, tier INTEGER, county_fips INTEGER, area INTEGER,"
        " host_zip INTEGER, host_miles INTEGER);"
        "CREATE TABLE zip_values (zip INTEGER PRIMARY KEY);"
        "CREATE TABLE counties (fips INTEGER PRIMARY KEY, name TEXT, state TEXT);"
        "INSERT INTO counties VALUES (27109, 'Olmsted County', 'MN');"
        "INSERT INTO zip_values VALUES (55901), (55902), (55920), (53002), (14602);"
    )
    rows = [(number, state, city, city_key(city), *rest) for number, state, city, *rest in ZIPS]
    connection.executemany(f"INSERT INTO zips VALUES ({', '.join('?' * 14)})", rows)
    yield Gazetteer(Tables(connection))
    connection.close()


def refusal_of(gazetteer, written):
    with pytest.raises(AddressNotFound) as refusal:
        gazetteer.locate(written)
    return refusal.value


@pytest.mark.parametrize(
    ("written", "reason", "told"),
    [
        ("55999", "unknown_zip", "55999 is not among the 13 ZIPs of the dataset"),
        ("Rochester, MN 55999", "unknown_zip", 'send the city and state, as in "Rochester, MN"'),
        (
            "55901 WI",
            "zip_state_mismatch",
            "55901 is in Minnesota (MN), you wrote Wisconsin (WI). Send the one you mean",
        ),
        ("Rochester, WI 55901", "zip_state_mismatch", "Send the one you mean"),
        ("Rochestr, MN", "unknown_city", "Close spellings: Rochester"),
        ("Xyzzy, MN", "unknown_city", "Send the ZIP of the site"),
        ("4 Elm St, Rochestr, MN", "unknown_city", "Close spellings: Rochester"),
        ("Rochester", "city_without_state", "New York (NY), Minnesota (MN), Wisconsin (WI)"),
        ("Rochester", "city_without_state", 'Send it as in "Rochester, NY"'),
        ("Xyzzy", "city_without_state", "no ZIP's main city is called so"),
        ("Minnesota", "city_without_state", '"Minnesota" is a state. Send a city with it'),
        ("10115 Berlin", "unknown_zip", "10115"),
        ("55901 Berlin", "zip_city_mismatch", 'we know no "Berlin" near it'),
        ("APO AE 09012", "military", "Send the ZIP, or the city and state, of the installation"),
        ("PSC 1 Box 2, APO, AP 96543", "military", "military mail (AP)"),
        ("FPO AA 34099", "military", "military mail (AA)"),
        ("09012", "military", "military mail (AE)"),
        ("96940", "not_us", "Palau (PW) uses US mail but is not part of the United States"),
        ("Majuro, MH 96960", "not_us", "Send an address in a US state or territory"),
        ("Kolonia, FM", "not_us", "Micronesia (FM)"),
        ("56751", "no_position", "neither its position nor a ZIP that covers it"),
        ("Lost, MN", "no_position", "Send the ZIP of the site's street address"),
        ("56752", "no_position", "56752 is a ZIP"),
    ],
)
def test_an_address_that_names_no_known_place_is_refused_with_what_to_send(gazetteer, written, reason, told):
    refusal = refusal_of(gazetteer, written)
    assert refusal.reason == reason
    assert told in refusal.detail
    assert "end " in refusal.detail


def test_a_refusal_tells_what_was_understood_and_what_contradicts_it(gazetteer):
    refusal = refusal_of(gazetteer, "4 Elm St, Rochester, WI 55901")
    assert refusal.understood == {
        "street": "4 Elm St",
        "city": "Rochester",
        "state": "Wisconsin (WI)",
        "zip": "55901",
        "zip_state": "Minnesota (MN)",
    }


def test_a_long_city_is_cut_in_what_is_told(gazetteer):
    refusal = refusal_of(gazetteer, "Longest" * 30 + ", MN")
    assert len(refusal.understood["city"]) <= 48
    assert "Longest" * 12 not in refusal.detail


def test_one_base_catches_every_refusal(gazetteer):
    for written in ("", "55999", "Toronto, ON", "Nowhere, MN"):
        with pytest.raises(AddressError):
            gazetteer.locate(written)


def test_a_po_box_zip_has_its_hosts_figures_and_an_uncertainty_of_distance_plus_reach(gazetteer):
    place = gazetteer.locate("55903")
    assert (place.precision, place.data_zip, place.county) == ("po_box_zip", 55902, "Olmsted County")
    assert place.uncertainty_miles == pytest.approx(3.5 + 4.0)
    assert "ZIP figures are those of 55902, 3.5 miles away" in place.notes[0]


def test_a_po_box_zip_without_a_host_reaches_to_the_nearest_area_and_has_no_data(gazetteer):
    place = gazetteer.locate("96932")
    assert (place.precision, place.data_zip) == ("po_box_zip", None)
    assert 1.0 < place.uncertainty_miles < 5.0
    assert "no ZIP with residents is near enough" in place.notes[0]


def test_a_city_of_po_boxes_only_is_the_place_of_its_zip(gazetteer):
    place = gazetteer.locate("Mantorville, MN")
    assert (place.zip, place.precision, place.data_zip) == ("55955", "po_box_zip", 55920)
    assert "no residents for Mantorville, MN" in place.notes[0]


def test_a_city_is_weighted_by_people_and_as_uncertain_as_its_spread_and_its_zip(gazetteer):
    place = gazetteer.locate("Rochester, MN")
    people = 58015 + 24000
    assert place.lat == pytest.approx((44.07766 * 58015 + 43.97 * 24000) / people, abs=1e-5)
    # Two pins d apart: squared distances from the mean, weighted by people, are p1 p2 d^2 / (p1 + p2)^2.
    spread = 58015 * 24000 / people**2 * 7.49**2
    assert place.uncertainty_miles == pytest.approx((spread + 3.24**2) ** 0.5, abs=0.02)
    assert [(other.zip, other.population) for other in place.alternatives] == [("55902", 24000)]


def test_a_city_without_a_state_beside_its_zip_is_taken_when_it_is_near(gazetteer):
    place = gazetteer.locate("Byron 55901")
    assert place.zip == "55901"
    assert "you wrote Byron" in place.notes[0]


def test_uninhabited_territory_zips_say_that_figures_are_missing(gazetteer):
    place = gazetteer.locate("96910")
    assert (place.precision, place.uncertainty_miles, place.data_zip) == ("zip_centroid", 2.25, None)
    assert "figures about people are missing" in place.notes[0]
