"""The costs and times of mass runs, as docs/bulk.md has them and as the formulas there work them out."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot_local.bulk_plan import PAGE, SIZES, Inputs, Prices, filled, planned, told
from brightspot_local.cli import main

ROWS = st.integers(1, 10**7)
RUNS = st.builds(
    Inputs,
    rows=ROWS,
    rows_per_batch=st.integers(1, 1000),
    at_once=st.integers(1, 10_000),
    ms_per_address=st.floats(0.1, 100),
    record=st.booleans(),
)


def test_the_page_has_the_figures_that_the_formulas_give():
    text = PAGE.read_text()
    assert filled(text) == text
    for rows in SIZES:
        assert f"| {rows:,} | " in text


def test_a_million_addresses_by_hand():
    """From the page's own formulas, with figures that are easy to check."""
    plan = planned(Inputs(1_000_000))
    assert (plan.batches, plan.batch_seconds, plan.seconds) == (10_000, 1.1, 30 + 2 + 50 * 1.1)
    gb_seconds = Decimal(1_769) / 1_024 * Decimal("11400.2")  # 10,000 s of scoring, 1,000.2 of calls, 400 of starts
    assert plan.costs.function == pytest.approx(gb_seconds * Decimal("0.0000133334") + Decimal("0.0020004"))
    assert plan.costs.states == Decimal("0.250075")
    assert plan.costs.children == pytest.approx(Decimal("0.01") + 10_000 * Decimal("1.1") / 16 * Decimal("0.00001667"))
    assert plan.costs.storage == pytest.approx(Decimal("0.050015") + Decimal("0.0000016") + Decimal("0.007038"))
    assert plan.costs.logs == pytest.approx(Decimal("0.0075015"))
    assert plan.costs.history == 0
    assert planned(Inputs(1_000_000, record=True)).costs.history == 5


@given(RUNS, ROWS)
def test_more_addresses_never_cost_or_take_less(run, more):
    small, large = planned(run), planned(replace(run, rows=run.rows + more))
    assert large.costs.total >= small.costs.total
    assert large.seconds >= small.seconds


@given(RUNS)
def test_more_at_once_never_takes_longer_and_nothing_is_free(run):
    assert planned(replace(run, at_once=run.at_once * 2)).seconds <= planned(run).seconds
    assert planned(run).costs.total > 0
    assert (planned(run).costs.history > 0) is run.record


@given(RUNS, st.integers(2, 9))
def test_costs_go_with_prices(run, factor):
    prices = Prices()
    dearer = Prices(**{name: getattr(prices, name) * factor for name in Prices.__slots__})
    assert planned(run, dearer).costs.total == pytest.approx(planned(run, prices).costs.total * factor)


@pytest.mark.parametrize(("seconds", "text"), [(31.6, "32 s"), (119, "119 s"), (120, "2 min"), (3_600, "60 min")])
def test_times_are_told_in_round_figures(seconds, text):
    assert told(seconds) == text


def test_the_command_tells_each_cost_and_their_sum(capsys):
    assert main(["bulk", "plan", "--rows", "1000000"]) == 0
    out = capsys.readouterr().out
    assert "1,000,000 addresses in 10,000 batches of 1.1 s, 200 at once" in out
    assert "0.601 USD" in out


def test_the_command_tells_it_as_json_too(capsys):
    assert main(["bulk", "plan", "--rows", "100000", "--record", "--whole", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["batches"] == 1000
    costs = {name: Decimal(cost) for name, cost in document["usd"].items()}
    assert costs.pop("total") == pytest.approx(sum(costs.values()))
    assert costs["history"] == Decimal("0.5")


@pytest.mark.parametrize(
    "arguments", [["--rows", "0"], ["--rows", "many"], ["--rows", "1", "--ms-per-address", "nan"], []]
)
def test_numbers_that_cannot_be_used_are_refused(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["bulk", "plan", *arguments])
    assert ended.value.code == 2
    assert "error:" in capsys.readouterr().err
