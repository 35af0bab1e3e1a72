"""`brightspot bulk plan`: a plan of a mass run on paper, as lines or as JSON."""

import argparse
from dataclasses import fields

from brightspot.core import codec
from brightspot_local.bulk_plan import Costs, Inputs, planned, told

_WHOLE_BYTES = 1_796  # of an address, gzipped, as tests/bench/bench_mass.py tells


def show(asked: argparse.Namespace) -> int:
    """Print the plan; 0."""
    inputs = Inputs(
        asked.rows,
        rows_per_batch=asked.rows_per_batch,
        at_once=asked.at_once,
        ms_per_address=asked.ms_per_address,
        record=asked.record,
        **({"bytes_per_address": _WHOLE_BYTES} if asked.whole else {}),
    )
    plan = planned(inputs)
    costs = {each.name: getattr(plan.costs, each.name) for each in fields(Costs)}
    if asked.json:
        rounded = {name: round(cost, 6) for name, cost in {**costs, "total": plan.costs.total}.items()}
        document = {
            "batches": plan.batches,
            "batch_seconds": plan.batch_seconds,
            "seconds": plan.seconds,
            "usd": rounded,
        }
        print(codec.dumps(document).decode())
        return 0
    print(
        f"{asked.rows:,} addresses in {plan.batches:,} batches of {plan.batch_seconds:.1f} s, {asked.at_once} at once"
    )
    print(f"time      {told(plan.seconds)}")
    for name, cost in costs.items():
        print(f"{name:9} {cost:9.3f} USD")
    print(f"{'together':9} {plan.costs.total:9.3f} USD, by the list prices in docs/bulk.md")
    return 0
