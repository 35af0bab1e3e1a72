"""What parse() reads out of the ways people write an address."""

import sys

import pytest

from brightspot.locations.addresses.parser import parse

ROCHESTER = "ROCHESTER, MN 55901"
MAIN_STREET = "123 N MAIN ST APT 4, ROCHESTER, MN 55901"
CLINIC = "200 1ST ST SOUTHWEST, ROCHESTER, MN 55905"

SPELLINGS = [
    # City, ST ZIP
    ("Rochester, MN 55901", ROCHESTER),
    ("St. Paul, MN 55101", "ST PAUL, MN 55101"),
    ("Duluth, MN 55802", "DULUTH, MN 55802"),
    ("rochester mn 55901", ROCHESTER),
    ("  ROCHESTER ,mn   55901  ", ROCHESTER),
    ("ROCHESTER,MN,55901-1234", ROCHESTER),
    ("Rochester MN 55901 1234", ROCHESTER),
    ("Rochester, MN 559011234", ROCHESTER),
    ("Rochester, MN 55901-", ROCHESTER),
    ("Rochester, MN55901", ROCHESTER),
    ("Rochester MN-55901", ROCHESTER),
    ("Rochester, MN, ZIP 55901", ROCHESTER),
    ("Rochester, Minnesota 55901", ROCHESTER),
    ("Rochester, Minn. 55901", ROCHESTER),
    ("Rochester 55901 MN", ROCHESTER),
    ("Rochester, 55901, Minnesota", ROCHESTER),
    ("55901 Rochester, MN", ROCHESTER),
    ("55901, Rochester, MN", ROCHESTER),
    ("63301 St Charles MO", "ST CHARLES, MO 63301"),
    ("Rochester\nMN 55901", ROCHESTER),
    ("Rochester\r\nMN\r\n55901", ROCHESTER),
    ("Rochester\tMN\t55901", ROCHESTER),
    ("Rochester,\u00a0MN\u00a055901", ROCHESTER),
    ("\uff32ochester\uff0cMN \uff15\uff15\uff19\uff10\uff11", ROCHESTER),
    ("Roch\u200bester, MN 55901\ufeff", ROCHESTER),
    ("Rochester, MN 55901, USA", ROCHESTER),
    ("Rochester, MN 55901 U.S.A.", ROCHESTER),
    ("Rochester, MN 55901, United States", ROCHESTER),
    ("Rochester, MN 55901, united states of america", ROCHESTER),
    ("Rochester, Olmsted County, Minnesota, 55901, United States", ROCHESTER),
    ('"Rochester, MN 55901"', ROCHESTER),
    ("Rochester-MN-55901", ROCHESTER),
    ("saint-paul / minnesota", "ST PAUL, MN"),
    ("St.Paul MN 55101", "ST PAUL, MN 55101"),
    ("Saint Paul, Minnesota 55101", "ST PAUL, MN 55101"),
    ("Washington, D.C. 20001", "WASHINGTON, DC 20001"),
    ("washington d c 20001", "WASHINGTON, DC 20001"),
    ("Washington, District of Columbia", "WASHINGTON, DC"),
    ("Washington DC", "WASHINGTON, DC"),
    ("New York, N.Y. 10001", "NEW YORK, NY 10001"),
    ("New York New York", "NEW YORK, NY"),
    ("New York, New York, NY 10001", "NEW YORK, NY 10001"),
    ("Charleston, West Virginia", "CHARLESTON, WV"),
    ("Virginia Beach Virginia", "VIRGINIA BEACH, VA"),
    ("Kansas City, Kansas 66101", "KANSAS CITY, KS 66101"),
    ("O'Fallon, MO 63366", "OFALLON, MO 63366"),
    ("O\u2019Fallon MO", "OFALLON, MO"),
    ("Winston-Salem, NC 27101", "WINSTON SALEM, NC 27101"),
    ("Winston\u2013Salem NC", "WINSTON SALEM, NC"),
    ("Carmel-by-the-Sea, CA", "CARMEL BY THE SEA, CA"),
    ("Espa\u00f1ola, NM", "ESPANOLA, NM"),
    ("Truth or Consequences, NM", "TRUTH OR CONSEQUENCES, NM"),
    ("Paris, TX", "PARIS, TX"),
    ("Peru, Illinois", "PERU, IL"),
    ("Mexico, MO 65265", "MEXICO, MO 65265"),
    ("Ontario, CA 91761", "ONTARIO, CA 91761"),
    ("Atlanta, Georgia", "ATLANTA, GA"),
    ("San Juan, PR 00901", "SAN JUAN, PR 00901"),
    ("San Juan, Puerto Rico", "SAN JUAN, PR"),
    ("St. Thomas, US Virgin Islands 00802", "ST THOMAS, VI 00802"),
    ("Pago Pago, American Samoa 96799", "PAGO PAGO, AS 96799"),
    ("Hagatna, Guam", "HAGATNA, GU"),
    ("APO AE 09012", "APO, AE 09012"),
    # ZIP alone, with and without a state
    ("55901", "55901"),
    ("  55901 ", "55901"),
    ("55901-1234", "55901"),
    ("00501", "00501"),
    ("MN 55901", "MN 55901"),
    ("Rochester 55901", "ROCHESTER, 55901"),
    # streets
    ("123 N Main St Apt 4, Rochester, MN 55901", MAIN_STREET),
    ("123 n. main st., apt. 4, rochester, mn 55901", MAIN_STREET),
    ("123 North Main Street, Apartment 4, Rochester, Minnesota 55901, USA", MAIN_STREET),
    ("123 N Main St Apt 4 Rochester MN 55901", MAIN_STREET),
    ("123 North Main Street\nApartment 4\nRochester MN 55901-1234", MAIN_STREET),
    ("200 1st St SW, Rochester, MN 55905", CLINIC),
    ("200 1st Street Southwest Rochester MN 55905", CLINIC),
    ("1 OR 2 Union St, Portland, OR 97201", "1 OR 2 UNION ST, PORTLAND, OR 97201"),
    ("100 Main St, Virginia, MN 55792", "100 MAIN ST, VIRGINIA, MN 55792"),
    ("100 Fort Worth Ave Fort Worth TX 76102", "100 FORT WORTH AVE, FT WORTH, TX 76102"),
    ("12345 Main St, Duluth, MN", "12345 MAIN ST, DULUTH, MN"),
    ("500 Washington Ave, Washington, PA 15301", "500 WASHINGTON AVE, WASHINGTON, PA 15301"),
    ("1600 Pennsylvania Ave NW Washington DC 20500", "1600 PENNSYLVANIA AVE NORTHWEST, WASHINGTON, DC 20500"),
    ("350 5th Ave #21, New York, NY 10118", "350 5TH AVE #21, NEW YORK, NY 10118"),
    ("Empire State Building, New York, NY 10118", "EMPIRE STATE BLDG, NEW YORK, NY 10118"),
    ("One Microsoft Way Redmond WA 98052", "ONE MICROSOFT WAY, REDMOND, WA 98052"),
    ("100 5th Ave NE 55901", "100 5TH AVE NORTHEAST, 55901"),
    ("12 Oak Ct 55901", "12 OAK COURT, 55901"),
    ("12 Oak Ct, Hartford, CT 06103", "12 OAK COURT, HARTFORD, CT 06103"),
    ("Main St, Lebanon 17042", "MAIN ST, LEBANON, 17042"),
    ("RR 2 Box 152 Duluth MN 55802", "RR 2 BOX 152, DULUTH, MN 55802"),
    ("1 Main St Main St, Boston, MA 02110", "1 MAIN ST MAIN ST, BOSTON, MA 02110"),
    # PO boxes
    ("PO Box 123, Rochester, MN 55903", "PO BOX 123, ROCHESTER, MN 55903"),
    ("P.O. Box 123 Rochester MN 55903", "PO BOX 123, ROCHESTER, MN 55903"),
    ("p o box 123, rochester, mn 55903", "PO BOX 123, ROCHESTER, MN 55903"),
    ("P.O.Box 123, Rochester, MN 55903", "PO BOX 123, ROCHESTER, MN 55903"),
    ("POB 123 Rochester MN 55903", "PO BOX 123, ROCHESTER, MN 55903"),
    ("Post Office Box #123, Rochester, MN 55903", "PO BOX 123, ROCHESTER, MN 55903"),
    ("Rochester, PO Box 123, MN 55903", "PO BOX 123, ROCHESTER, MN 55903"),
    ("1 Elm St, PO Box 45, Rochester, MN 55901", "1 ELM ST, PO BOX 45, ROCHESTER, MN 55901"),
]


@pytest.mark.parametrize(("written", "form"), SPELLINGS)
def test_an_address_is_read_in_any_usual_spelling(written, form):
    assert parse(written).normal_form == form


@pytest.mark.parametrize(("written", "form"), SPELLINGS)
def test_a_normal_form_reads_as_itself(written, form):
    assert parse(form).normal_form == form


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("55901", "zip"),
        ("MN 55901", "zip"),
        ("Rochester, MN", "city"),
        ("Rochester", "city"),
        ("Rochester, MN 55901", "city_zip"),
        ("PO Box 1, Rochester, MN 55903", "po_box"),
        ("200 1st St SW, Rochester, MN 55905", "street"),
        ("200 1st St SW, PO Box 1, Rochester, MN", "street"),
    ],
)
def test_an_address_says_of_which_kind_it_is(written, kind):
    assert parse(written).kind == kind


def test_every_part_of_a_full_address_is_told_apart():
    read = parse("200 1st St SW, Suite 5, PO Box 12, Rochester, Minnesota 55905-0001, USA")
    assert (read.street, read.po_box, read.city) == ("200 1st St SW Suite 5", "12", "Rochester")
    assert (read.state, read.zip5, read.zip4) == ("MN", "55905", "0001")
    assert read.understood["state"] == "Minnesota (MN)"


def test_a_comma_free_street_says_that_its_city_is_an_estimate():
    assert parse("123 Main St Rochester MN 55901").estimated_split
    assert not parse("123 Main St, Rochester, MN 55901").estimated_split


def test_a_state_spelled_out_alone_is_read_as_a_city_that_lacks_its_state():
    assert (parse("New York").city, parse("New York").state) == ("New York", None)


def test_words_that_the_tagger_would_repeat_are_read_all_the_same():
    written = "1 Main St Boston MA 2 Elm St Boston MA 02110"  # usaddress.tag raises RepeatedLabelError here
    assert parse(written).zip5 == "02110"


def test_an_address_without_a_street_does_not_load_the_model(monkeypatch):
    monkeypatch.setitem(sys.modules, "usaddress", None)  # an import would fail
    assert parse("Rochester, MN 55901").zip5 == "55901"
    assert parse("200 1st St SW, Rochester, MN 55905").city == "Rochester"
