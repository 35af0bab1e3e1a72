"""The rows of CSV: every point once, numbers as numbers, no text that a spreadsheet would run."""

import csv
import io

import pytest

from brightspot.locations.report.rows import COLUMNS, csv_of
from tests.unit.locations.report.made import analysis, point


def read(made):
    text = csv_of(made).decode()
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert rows[0] == list(COLUMNS)
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows[1:]]


def test_each_point_is_one_row_and_so_is_each_missing_one():
    made = analysis({"population": point(), "births": point(value=None, percentile=None)}, [
        ("demographics", "births", "unknown there"), ("regulatory", "zoning", "local law"),
    ])  # fmt: skip
    rows = read(made)
    told = [(row["category"], row["point"], row["value"], row["reason"]) for row in rows]
    assert told == [
        ("demographics", "population", "10.0", ""),
        ("demographics", "births", "", "unknown there"),
        ("regulatory", "zoning", "", "local law"),
    ]


def test_lines_end_in_cr_lf_and_a_comma_or_quote_is_quoted():
    text = csv_of(analysis({"population": point(source='Census, "the" bureau')}))
    assert text.count(b"\r\n") == text.count(b"\n") == 2
    assert b'"Census, ""the"" bureau"' in text
    assert read(analysis({"population": point(source='Census, "the" bureau')}))[0]["source"] == 'Census, "the" bureau'


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_that_would_be_a_formula_is_led_by_an_apostrophe(start):
    text = f"{start}HYPERLINK(1)"
    row = read(analysis({"population": point(source=text)}, [("regulatory", text, text)]))
    assert row[0]["source"] == row[1]["point"] == row[1]["reason"] == f"'{text}"


def test_a_negative_number_stays_a_number():
    row = read(analysis({"births_change": point(value=-2.5, contribution=-0.25)}))[0]
    assert (float(row["value"]), float(row["contribution"])) == (-2.5, -0.25)
