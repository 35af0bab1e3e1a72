"""`brightspot compare`: a few sites side by side, answered for eyes or programs."""

import argparse
import logging
import sys

from brightspot import locations
from brightspot.core.clock import SystemClock
from brightspot.core.errors import BrightspotError
from brightspot.resilience import Deadline
from brightspot_local import show
from brightspot_local.asking import refused, shared_store, weights_in
from brightspot_local.comparison_report import report

_SECONDS = 60.0


def compare(asked: argparse.Namespace) -> int:
    """Print the comparison; a refused request prints its reason on stderr and returns 2."""
    logging.getLogger("brightspot").addHandler(logging.NullHandler())
    try:
        request = locations.CompareRequest(
            tuple(asked.addresses),
            locations.DEFAULT_RADIUS_MILES if asked.radius_miles is None else asked.radius_miles,
            asked.persona or locations.DEFAULT_PERSONA,
            weights_in(asked.weight),
        )
        with shared_store(asked.data.resolve()):
            found = locations.compare_sites(request, Deadline.after(SystemClock(), _SECONDS))
    except BrightspotError as error:
        return refused(error)
    if asked.json:
        sys.stdout.buffer.write(locations.encode(found) + b"\n")
    else:
        show.sections(report(found), sys.stdout)
    return 0
