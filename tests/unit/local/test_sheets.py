"""Sheets of addresses: what is read, what is refused and where, and that every row comes out again."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.locations import BatchError
from brightspot_local import sheets
from brightspot_local.sheets import SheetRefused

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=12)


@pytest.fixture
def file(tmp_path):
    def make(content):
        path = tmp_path / "sites.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return make


def missing(index):
    return BatchError(index=index, address="", error="Address not found", reason="send another")


@pytest.mark.parametrize(
    "content",
    [
        'name,Address\nA,"Rochester, MN 55901"\n',
        '\ufeffname, ADDRESS \r\nA,"Rochester, MN 55901"\r\n',
        'name,address\n\nA,"Rochester, MN 55901"',
    ],
)
def test_a_sheet_is_read_with_or_without_a_mark_whatever_its_line_ends(file, content):
    sheet = sheets.read(file(content))
    assert (sheet.addresses, sheet.columns[0]) == (["Rochester, MN 55901"], "name")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "must name one column `address`; it has nothing"),
        ("name,zip\nA,55901\n", "must name one column `address`; it has name, zip"),
        ("address,Address\n1,2\n", "must name one column `address`"),
        ("address\n", "no row under the header"),
        ("name,address\nA\n", "line 2: 1 fields under 2 columns"),
        ('address,name\n55901,"a"b\n', "line 2: "),
        (b"address\n\xff\xfe\n", "byte 8 is no UTF-8"),
    ],
)
def test_what_is_no_sheet_is_refused_with_its_place(file, content, said):
    with pytest.raises(SheetRefused) as refused:
        sheets.read(file(content))
    assert said in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(SheetRefused, match="No such file"):
        sheets.read(tmp_path / "none.csv")


@given(rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=8))
def test_rows_come_out_as_they_went_in_each_with_its_error(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("sheets")
    with (folder / "in.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("note", "address"), *rows])
    for _ in range(2):  # what was written can be read, and its columns are replaced
        sheet = sheets.read(folder / "in.csv")
        with (folder / "in.csv").open("w", encoding="utf-8", newline="") as out:
            sheets.write(sheet, [missing(at) for at in range(len(rows))], out)
    with (folder / "in.csv").open(encoding="utf-8", newline="") as written:
        header, *told = csv.reader(written)
    assert header == ["note", "address", *sheets.ADDED]
    assert [tuple(row[:2]) for row in told] == rows
    assert {row[-1] for row in told} == {"Address not found: send another"}
