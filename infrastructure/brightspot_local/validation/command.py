"""`brightspot validate`: all verdicts, as lines or as JSON."""

import argparse
import logging
import sys

import msgspec

from brightspot_local import show
from brightspot_local.remote import Remote, RemoteUnusable, token_in
from brightspot_local.validation import aws, here, server, shared
from brightspot_local.validation.verdict import Verdict

_UNUSABLE = 2
_STYLES = {"ok": "green", "off": "", "failed": "bold red"}


def validate(asked: argparse.Namespace) -> int:
    """0 when nothing fails, 1 when something does, 2 when what was asked cannot be used."""
    logging.getLogger("brightspot").addHandler(logging.NullHandler())
    try:
        remote = None if asked.url is None else Remote(asked.url, token_in(asked.token_file))
    except RemoteUnusable as error:
        print(f"brightspot validate: {error}", file=sys.stderr)
        return _UNUSABLE
    found = [*here.verdicts(), *shared.verdicts(asked.data), *aws.verdicts()]
    found += [] if remote is None else server.verdicts(remote)
    failed = sum(each.status == "failed" for each in found)
    if asked.json:
        told = {"valid": not failed, "verdicts": found}
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n")
    else:
        show.sections([*map(_line, found), show.Line(_whole(found, failed))], sys.stdout)
    return 1 if failed else 0


def _line(each: Verdict) -> show.Line:
    return show.Line(f"{each.status:7} {each.part}: {each.says}", _STYLES[each.status])


def _whole(found: list[Verdict], failed: int) -> str:
    off = sum(each.status == "off" for each in found)
    return f"{len(found) - failed - off} ok, {off} off, {failed} failed"
