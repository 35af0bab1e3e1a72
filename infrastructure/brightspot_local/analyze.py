"""`brightspot analyze` and `brightspot personas`: a question from the command line, answered for eyes or programs."""

import argparse
import logging
import sys

from brightspot import locations
from brightspot.core.errors import BrightspotError
from brightspot_local import show
from brightspot_local.asking import analyze_request, refused, shared_store
from brightspot_local.report import report


def analyze(asked: argparse.Namespace) -> int:
    """Print the analysis; a refused request prints its reason on stderr and returns 2."""
    logging.getLogger("brightspot").addHandler(logging.NullHandler())
    try:
        request = analyze_request(asked)
        with shared_store(asked.data.resolve()):
            body = locations.shared_answers().answer(request)
    except BrightspotError as error:
        return refused(error)
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
