"""CSV files of addresses: read whole, whatever they are quoted like, or refused with the row at fault."""

import codecs
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.jobs import JobFailed
from brightspot.locations.bulk.sheet import addresses_in

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
FILLED = CELLS.filter(str.strip)


def written(rows, terminator="\r\n"):
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=terminator).writerows(rows)
    return text.getvalue().encode()


@given(
    st.lists(st.tuples(CELLS, FILLED, CELLS), min_size=1, max_size=20),
    st.sampled_from(["address", "Address", " ADDRESS "]),
    st.booleans(),
    st.sampled_from(["\r\n", "\n"]),
)
def test_what_a_writer_wrote_is_read_again(rows, name, marked, terminator):
    body = written([("site", name, "note"), *rows], terminator)
    assert addresses_in((codecs.BOM_UTF8 if marked else b"") + body) == [row[1] for row in rows]


@given(st.lists(FILLED.filter(lambda cell: cell.strip().lower() != "address"), min_size=1, max_size=20))
def test_without_a_header_the_first_column_counts_from_the_first_row_on(cells):
    assert addresses_in(written([(cell, "x") for cell in cells])) == cells


@given(st.binary(max_size=300))
def test_any_bytes_are_addresses_or_a_refusal_that_says_why(body):
    try:
        found = addresses_in(body)
    except JobFailed as failed:
        told = str(failed)
    else:
        told = "the file has addresses"
        assert found
    assert told.startswith(("row ", "the file has "))


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"address,zip\n1 Main St,1\n2 Main St\n", "row 3: 1 fields under 2 columns"),
        (b"address\n55901\n\xff\n", "row 3: a byte that is no UTF-8"),
        (b'address\n"55901\n', "row 2: unexpected end of data"),
        (b'address\n"55901"x\n', "row 2: "),
        (b"address,Address\n1,2\n", "row 1: 2 columns are named `address`"),
        (b"address\n", "the file has no addresses"),
        (b"", "the file has no addresses"),
        (b"\n\n", "the file has no addresses"),
        (b"55901\n" * 10_001, "the file has 10,001 addresses; send 1 to 10,000"),
    ],
)
def test_a_refusal_names_the_row(body, told):
    with pytest.raises(JobFailed) as failed:
        addresses_in(body)
    assert told in str(failed.value)


def test_rows_without_text_are_left_out():
    assert addresses_in(b"address,note\n55901,\n\n,\n 55802 ,x\n") == ["55901", " 55802 "]


def test_ten_thousand_rows_are_taken():
    assert len(addresses_in(b"address\n" + b"55901\n" * 10_000)) == 10_000
