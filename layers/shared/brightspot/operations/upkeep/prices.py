"""What tables cost a month by either way of billing, from what they consumed and AWS's list prices.

Source of prices: aws.amazon.com/dynamodb/pricing, Standard table class, us-east-1, as of November 2026. Those of
other regions differ: they are given as an argument.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

_HOURS_A_MONTH: Final = 730
_SECONDS_AN_HOUR: Final = 3600
_MILLION: Final = 1_000_000
_TARGET: Final = 0.7  # of what is provisioned, the share that auto scaling aims at


@dataclass(frozen=True, slots=True)
class ListPrices:
    """In US dollars: of a million request units, and of a capacity unit for an hour."""

    million_writes: Decimal = Decimal("0.625")
    million_reads: Decimal = Decimal("0.125")
    write_hour: Decimal = Decimal("0.00065")
    read_hour: Decimal = Decimal("0.00013")
    source: str = "aws.amazon.com/dynamodb/pricing, us-east-1, Standard table class"


class Units(NamedTuple):
    """Capacity units that were consumed."""

    reads: float = 0.0
    writes: float = 0.0


def on_demand(hours: Mapping[int, Units], prices: ListPrices) -> Decimal:
    """Dollars a month when all hours are as these were; there is at least one."""
    reads, writes = (Decimal(str(sum(each[kind] for each in hours.values()))) for kind in (0, 1))
    spent = (reads * prices.million_reads + writes * prices.million_writes) / _MILLION
    return (spent * _HOURS_A_MONTH / len(hours)).quantize(Decimal("0.01"))


def provisioned(hours: Mapping[int, Units], prices: ListPrices) -> Decimal:
    """The same with capacity that follows each hour's mean at 70 % of use, one unit at least.

    An estimate in favour of it: what comes in bursts within an hour would be throttled or need more.
    """
    spent = sum(
        (
            _capacity(each.reads) * prices.read_hour + _capacity(each.writes) * prices.write_hour
            for each in hours.values()
        ),
        Decimal(0),
    )
    return (spent * _HOURS_A_MONTH / len(hours)).quantize(Decimal("0.01"))


def _capacity(units: float) -> int:
    return max(1, math.ceil(units / _SECONDS_AN_HOUR / _TARGET))
