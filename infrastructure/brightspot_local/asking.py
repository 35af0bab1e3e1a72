"""What commands that ask for analyses share: the question, where answers are remembered, and how a refusal is told."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from brightspot import locations
from brightspot.core.errors import BrightspotError, InputRefused
from brightspot.core.settings import load
from brightspot.valkey import ValkeySettings
from brightspot_local.services import ServiceUnavailable, valkey
from brightspot_local.services.interrupts import interrupted_once

REFUSED = 2  # the exit status of what the caller can mend
_FAILED = 1


def refused(error: BrightspotError) -> int:
    """Say on stderr why nothing came of a command; its exit status."""
    if isinstance(error, InputRefused):
        print(f"brightspot: {error.field}: {error.detail}", file=sys.stderr)
        return REFUSED
    print(f"brightspot: {error}", file=sys.stderr)
    return _FAILED


def analyze_request(asked: argparse.Namespace) -> locations.AnalyzeRequest:
    """The question of a command that takes an address. Raises RequestRefused for weights in other words."""
    return locations.AnalyzeRequest(
        asked.address,
        locations.DEFAULT_RADIUS_MILES if asked.radius_miles is None else asked.radius_miles,
        asked.persona or locations.DEFAULT_PERSONA,
        weights_in(asked.weight),
    )


@contextmanager
def shared_store(data: Path) -> Iterator[None]:
    """A Valkey that remembers answers from one command to the next, unless the environment names one.

    Without any the question is answered all the same; stderr tells why.
    """
    if load(ValkeySettings).configured:
        yield
        return
    with ExitStack() as ending:
        ending.enter_context(interrupted_once())
        try:
            os.environ["REDIS_URL"] = ending.enter_context(valkey.at_hand(data))
            ending.callback(os.environ.pop, "REDIS_URL", None)
        except ServiceUnavailable as error:
            print(f"brightspot: without a cache: {error}", file=sys.stderr)
        yield


def weights_in(given: list[str] | None) -> dict[str, float] | None:
    """Weights that were given as CATEGORY=NUMBER each. Raises RequestRefused for anything else."""
    if given is None:
        return None
    weights = {}
    for each in given:
        name, _, number = each.partition("=")
        try:
            weights[name.strip()] = float(number)
        except ValueError as error:
            raise locations.RequestRefused("weights", f"{each!r}: send CATEGORY=NUMBER") from error
    return weights
