"""`brightspot report`: an analysis made now, or one that a server remembers, as a page, as rows or as JSON."""

import argparse
import logging
import sys

import msgspec

from brightspot import locations
from brightspot.core.errors import BrightspotError
from brightspot_local.asking import REFUSED, analyze_request, refused, shared_store
from brightspot_local.remote import Remote, RemoteUnusable, token_in

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
    except RemoteUnusable as error:
        print(f"brightspot: {error}", file=sys.stderr)
        return REFUSED
    except OSError as error:
        print(f"brightspot: {asked.out}: {error.strerror}", file=sys.stderr)
        return REFUSED
    except BrightspotError as error:
        return refused(error)
    return 0


def _format(asked: argparse.Namespace) -> str:
    if asked.format is not None:
        return str(asked.format)
    suffix = asked.out.suffix[1:].lower() if asked.out is not None else ""
    return suffix if suffix in locations.REPORT_FORMATS else "html"


def _made(asked: argparse.Namespace) -> bytes:
    if asked.address is None:
        raise locations.RequestRefused("address", "send an address, or --id and --url of an analysis")
    request = analyze_request(asked)
    with shared_store(asked.data.resolve()):
        return locations.shared_answers().answer(request)


def _remembered(asked: argparse.Namespace) -> bytes:
    if asked.address is not None or asked.url is None:
        raise locations.RequestRefused("id", "send --id with --url, and no address")
    reply = Remote(asked.url, token_in(asked.token_file)).get(f"/api/v1/analyses/{asked.id}/report.json")
    if reply.status != _OK:
        raise RemoteUnusable(reply.problem)
    return msgspec.json.encode(reply.json)
