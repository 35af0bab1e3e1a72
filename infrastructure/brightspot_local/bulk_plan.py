"""What a mass run costs and how long it takes, on paper; `python -m brightspot_local.bulk_plan` renews docs/bulk.md."""

import re
from dataclasses import dataclass, fields
from decimal import Decimal
from math import ceil
from typing import Final

from brightspot_local.paths import ROOT

PAGE: Final = ROOT / "docs" / "bulk.md"
SIZES: Final = (10_000, 100_000, 1_000_000)
_STATES: Final = 3  # Begin, Score and Finish; a map state is charged one transition more for each child it starts
_ENDS: Final = 2  # of them call the function besides the batches
_CHILD_GB: Final = Decimal("0.0625")  # express executions are charged in chunks of 64 MB
_GB: Final = 10**9


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars of AWS's price lists for us-east-1, without free tiers and discounts; docs/bulk.md names the pages."""

    lambda_gb_second: Decimal = Decimal("0.0000133334")  # arm64
    lambda_million_requests: Decimal = Decimal("0.20")
    transitions_million: Decimal = Decimal("25.00")  # Step Functions, standard
    express_million_requests: Decimal = Decimal("1.00")
    express_gb_second: Decimal = Decimal("0.00001667")
    s3_thousand_puts: Decimal = Decimal("0.005")
    s3_thousand_gets: Decimal = Decimal("0.0004")
    s3_gb_month: Decimal = Decimal("0.023")
    logs_gb: Decimal = Decimal("0.50")  # CloudWatch Logs, taken in
    dynamodb_million_writes: Decimal = Decimal("0.625")  # write units on demand


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a plan counts with: measured (docs/bulk.md says how), set by the run, or assumed."""

    rows: int
    rows_per_batch: int = 100
    at_once: int = 200
    ms_per_address: float = 10.0  # measured: tests/bench/bench_mass.py
    bytes_per_address: int = 102  # measured there too, gzipped; 1,796 with detail=whole
    ms_per_batch: float = 100.0  # assumed: the call itself, and one PutItem of some kB
    cold_ms: float = 2_000.0  # assumed: an environment's start and its first address
    start_seconds: float = 30.0  # assumed: until the file is read, and from the last batch to the summary
    memory_mb: int = 1_769
    log_bytes_per_batch: int = 1_500  # assumed: a line of ours and Lambda's own
    kept_months: float = 3.0
    record: bool = False
    units_per_record: int = 8  # docs/history.md


@dataclass(frozen=True, slots=True)
class Costs:
    """US dollars by what they are paid for."""

    function: Decimal
    states: Decimal
    children: Decimal
    storage: Decimal
    logs: Decimal
    history: Decimal

    @property
    def total(self) -> Decimal:
        return sum((getattr(self, each.name) for each in fields(self)), Decimal(0))


@dataclass(frozen=True, slots=True)
class Plan:
    """Quantities, seconds and costs of one run."""

    batches: int
    batch_seconds: float
    seconds: float
    costs: Costs


def planned(inputs: Inputs, prices: Prices | None = None) -> Plan:
    """The formulas of docs/bulk.md. Batches run `at_once` side by side, in waves; none fails."""
    batches = ceil(inputs.rows / inputs.rows_per_batch)
    batch_seconds = (inputs.ms_per_batch + inputs.rows_per_batch * inputs.ms_per_address) / 1000
    waves = ceil(batches / inputs.at_once)
    seconds = inputs.start_seconds + inputs.cold_ms / 1000 + waves * batch_seconds
    return Plan(batches, batch_seconds, seconds, _costs(inputs, prices or Prices(), batches, batch_seconds))


def _costs(inputs: Inputs, prices: Prices, batches: int, batch_seconds: float) -> Costs:
    million, calls = Decimal(1_000_000), batches + _ENDS
    colds = min(inputs.at_once, batches) * inputs.cold_ms / 1000
    gb_seconds = (
        Decimal(str(inputs.rows * inputs.ms_per_address / 1000 + calls * inputs.ms_per_batch / 1000 + colds))
        * inputs.memory_mb
        / 1024
    )
    child_seconds = Decimal(ceil(batch_seconds * 10)) / 10
    kept_gb = Decimal(inputs.rows * inputs.bytes_per_address) / _GB
    writes = inputs.rows * inputs.units_per_record if inputs.record else 0
    return Costs(
        function=gb_seconds * prices.lambda_gb_second + calls * prices.lambda_million_requests / million,
        states=(batches + _STATES) * prices.transitions_million / million,
        children=batches
        * (prices.express_million_requests / million + child_seconds * _CHILD_GB * prices.express_gb_second),
        storage=(batches + 3) * prices.s3_thousand_puts / 1000
        + 4 * prices.s3_thousand_gets / 1000
        + kept_gb * prices.s3_gb_month * Decimal(str(inputs.kept_months)),
        logs=Decimal(calls * inputs.log_bytes_per_batch) / _GB * prices.logs_gb,
        history=writes * prices.dynamodb_million_writes / million,
    )


def told(seconds: float) -> str:
    """Seconds below two minutes, else minutes."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"  # noqa: PLR2004  # two minutes


def table() -> str:
    """Runs of each size with scores alone; the last column but one is what a history of all of them would add."""
    head = ["addresses", "batches", "time", *(each.name for each in fields(Costs)), "together, no history"]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["--:"] * len(head), *map(_row, SIZES)))


def _row(rows: int) -> list[str]:
    plan = planned(Inputs(rows, record=True))
    costs = [f"{getattr(plan.costs, each.name):.3f}" for each in fields(Costs)]
    without = plan.costs.total - plan.costs.history
    return [f"{rows:,}", f"{plan.batches:,}", told(plan.seconds), *costs, f"**{without:.2f}**"]


def filled(text: str) -> str:
    """The page with the table between its markers renewed."""
    return re.sub(r"(<!-- costs -->\n).*?(<!-- /costs -->)", rf"\g<1>{table()}\n\g<2>", text, flags=re.DOTALL)


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text()))
