"""`brightspot analyze` and `brightspot personas`: a question from the command line, answered for eyes or programs."""

import argparse
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from brightspot import locations
from brightspot.core.errors import BrightspotError, InputRefused
from brightspot.core.settings import load
from brightspot.valkey import ValkeySettings
from brightspot_local import show
from brightspot_local.report import report
from brightspot_local.services import ServiceUnavailable, valkey
from brightspot_local.services.interrupts import interrupted_once

_REFUSED = 2


def analyze(asked: argparse.Namespace) -> int:
    """Print the analysis; a refused request prints its reason on stderr and returns 2."""
    logging.getLogger("brightspot").addHandler(logging.NullHandler())
    try:
        request = locations.AnalyzeRequest(
            asked.address,
            locations.DEFAULT_RADIUS_MILES if asked.radius_miles is None else asked.radius_miles,
            asked.persona or locations.DEFAULT_PERSONA,
            _weights(asked.weight),
        )
        with _shared_store(asked.data.resolve()):
            body = locations.shared_answers().answer(request)
    except InputRefused as refused:
        print(f"brightspot: {refused.field}: {refused.detail}", file=sys.stderr)
        return _REFUSED
    except BrightspotError as error:
        print(f"brightspot: {error}", file=sys.stderr)
        return 1
    if asked.json:
        sys.stdout.buffer.write(body + b"\n")
    else:
        show.sections(report(locations.decode(body)), sys.stdout)
    return 0


def personas() -> int:
    """Print every persona with its weights and its reason."""
    rows = [
        [persona.name, *(f"{persona.weights[category]:.2f}" for category in locations.CATEGORIES), persona.explanation]
        for persona in locations.PERSONAS.values()
    ]
    table = show.Table("Personas", ["persona", *locations.CATEGORIES, "why"], rows)
    show.sections([table], sys.stdout)
    return 0


@contextmanager
def _shared_store(data: Path) -> Iterator[None]:
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


def _weights(given: list[str] | None) -> dict[str, float] | None:
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
