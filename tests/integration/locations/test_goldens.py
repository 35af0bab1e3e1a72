"""Scores do not change unnoticed, and the method's page works out what the code computes."""

import json
import re
from math import fsum

import pytest

from brightspot_local.goldens import GOLDENS, METHOD, ZIPS, filled, golden

PAGE = METHOD.read_text()
EXPECTED = json.loads(GOLDENS.read_text())


@pytest.mark.parametrize("zip_code", ZIPS)
def test_the_score_is_the_golden_one(zip_code):
    expected, found = EXPECTED[zip_code], golden(zip_code)
    for name, category in expected["categories"].items():
        assert found["categories"][name]["status"] == category["status"]
        for number in ("score", "weight"):
            assert found["categories"][name][number] == pytest.approx(category[number], abs=1e-6)
    assert found["overall_score"] == pytest.approx(expected["overall_score"], abs=1e-5)
    assert found["confidence"] == pytest.approx(expected["confidence"], abs=1e-4)
    assert found["data_points_collected"] == expected["data_points_collected"]


def test_twelve_zips_are_golden():
    assert len(EXPECTED) == 12


def test_the_methods_page_is_in_step_with_data_points_and_weights():
    assert filled(PAGE) == PAGE


def test_the_worked_example_adds_up_by_nothing_but_what_the_page_shows():
    """Reads P, w and the direction from the page and works the score out again, without the scoring code."""
    worked = PAGE[PAGE.index("<!-- worked -->") :]
    directions = dict(re.findall(r"\| `(\w+)` \| [^|]+ \| (higher|lower) is better \|", PAGE))
    weights = _business_weights()
    scores = {}
    for block in re.findall(r"\| (\w+) \| value \| P .*?\n\n", worked, re.DOTALL):
        rows = re.findall(
            r"\| `(\w+)` \| [^|]+ \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|",
            worked[worked.index(f"| {block} | value") :].split("\n\n")[0],
        )
        goodness = {name: float(p) if directions[name] == "higher" else 100 - float(p) for name, p, _, _ in rows}
        assert all(float(g) == pytest.approx(goodness[name], abs=0.005) for name, _, g, _ in rows)
        total = fsum(float(w) for *_, w in rows)
        scores[block] = fsum(float(w) * goodness[name] for name, *_, w in rows) / total
    overall = fsum(weights[name] * score for name, score in scores.items())
    assert len(scores) == 6
    assert overall == pytest.approx(EXPECTED["55901"]["overall_score"], abs=0.005)


def _business_weights():
    head, row = (re.search(pattern, PAGE)[0] for pattern in (r"\| persona \|.*", r"\| `business` \|.*"))
    names, numbers = ([cell.strip() for cell in line.strip("|").split("|")][1:7] for line in (head, row))
    return dict(zip(names, map(float, numbers), strict=True))
