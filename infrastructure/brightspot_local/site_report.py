"""`brightspot report`: an analysis made now, or one that a server remembers, as a page, as rows or as JSON."""

import argparse
import logging
import sys

import msgspec

from brightspot import locations
from brightspot.core.errors import BrightspotError, InputRefused
from brightspot_local.asking import shared_store, weights_in
from brightspot_local.remote import Remote, RemoteUnusable, token_in

_REFUSED = 2
_OK = 200


def report(asked: argparse.Namespace) -> int:
    """Write the report; a refused request prints its reason on stderr and returns 2, and writes nothing."""
    logging.getLogger("brightspot").addHandler(logging.NullHandler())
    try:
        made = locations.report_of(_remembered(asked) if asked.id is not None else _made(asked), _format(asked))
        if asked.out is None:
            sys.stdout.buffer.write(made.body)
        else:
            asked.out.write_bytes(made.body)
            print(f"{asked.out}: {len(made.body):,} bytes", file=sys.stderr)
    except InputRefused as refused:
        print(f"brightspot: {refused.field}: {refused.detail}", file=sys.stderr)
        return _REFUSED
    except RemoteUnusable as error:
        print(f"brightspot: {error}", file=sys.stderr)
        return _REFUSED
    except OSError as error:
        print(f"brightspot: {asked.out}: {error.strerror}", file=sys.stderr)
        return _REFUSED
    except BrightspotError as error:
        print(f"brightspot: {error}", file=sys.stderr)
        return 1
    return 0


def _format(asked: argparse.Namespace) -> str:
    if asked.format is not None:
        return str(asked.format)
    suffix = asked.out.suffix[1:].lower() if asked.out is not None else ""
    return suffix if suffix in locations.REPORT_FORMATS else "html"


def _made(asked: argparse.Namespace) -> bytes:
    if asked.address is None:
        raise locations.RequestRefused("address", "send an address, or --id and --url of an analysis")
    request = locations.AnalyzeRequest(
        asked.address,
        locations.DEFAULT_RADIUS_MILES if asked.radius_miles is None else asked.radius_miles,
        asked.persona or locations.DEFAULT_PERSONA,
        weights_in(asked.weight),
    )
    with shared_store(asked.data.resolve()):
        return locations.shared_answers().answer(request)


def _remembered(asked: argparse.Namespace) -> bytes:
    if asked.address is not None or asked.url is None:
        raise locations.RequestRefused("id", "send --id with --url, and no address")
    reply = Remote(asked.url, token_in(asked.token_file)).get(f"/api/v1/analyses/{asked.id}/report.json")
    if reply.status != _OK:
        raise RemoteUnusable(reply.problem)
    return msgspec.json.encode(reply.json)
