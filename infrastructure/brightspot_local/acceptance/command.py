"""`brightspot acceptance`: run, tell, keep the summary, and compare it with another."""

import argparse
import logging
import sys
from pathlib import Path

import msgspec

from brightspot.core.clock import SystemClock
from brightspot.core.errors import SettingsError
from brightspot_local import show
from brightspot_local.acceptance.askers import Asker, InProcess, Server
from brightspot_local.acceptance.compare import differences
from brightspot_local.acceptance.report import changes, report
from brightspot_local.acceptance.run import run
from brightspot_local.acceptance.sites import sites
from brightspot_local.acceptance.summary import Summary
from brightspot_local.remote import Remote, RemoteUnusable, token_in

_UNUSABLE = 2


def acceptance(asked: argparse.Namespace) -> int:
    """0 when at least 95 % of the addresses succeeded, 1 when fewer did, 2 when the run could not be made."""
    logging.getLogger("brightspot").addHandler(logging.NullHandler())
    try:
        before = None if asked.compare is None else _read(asked.compare)
        summary = run(_asker(asked), sites(), SystemClock())
        _write(asked.out, summary)
    except (RemoteUnusable, SettingsError, OSError, msgspec.MsgspecError) as error:
        print(f"brightspot acceptance: {error}", file=sys.stderr)
        return _UNUSABLE
    sections = report(summary) if before is None else [*report(summary), *changes(differences(before, summary), before)]
    show.sections([*sections, show.Line(f"Summary in {asked.out}")], sys.stdout)
    return 0 if summary.accepted else 1


def _asker(asked: argparse.Namespace) -> Asker:
    return InProcess() if asked.url is None else Server(Remote(asked.url, token_in(asked.token_file)))


def _read(file: Path) -> Summary:
    return msgspec.json.decode(file.read_bytes(), type=Summary)


def _write(file: Path, summary: Summary) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(msgspec.json.format(msgspec.json.encode(summary), indent=1) + b"\n")
