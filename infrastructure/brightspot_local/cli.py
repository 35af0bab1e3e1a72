"""The `brightspot` command."""

import argparse
import sys
from collections.abc import Sequence

from brightspot import VERSION
from brightspot_local.commands import (
    acceptance,
    admin,
    analyze,
    audit,
    background,
    batch,
    bulk,
    compare,
    dev,
    jobs,
    maintenance,
    personas,
    report,
    search,
    validate,
)

_INTERRUPTED = 130
_COMMANDS = (
    analyze, report, batch, jobs, bulk, compare, search, personas, validate, acceptance, audit, admin, maintenance,
    background, dev,
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did its work, 2 when what was asked cannot be used, 130 when it was interrupted."""
    asked = _parser().parse_args(arguments)
    try:
        return int(asked.run(asked))
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone; there is nobody left to tell
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="brightspot", description="How good is this address as the site of a child-care centre, and why?"
    )
    parser.add_argument("--version", action="version", version=f"brightspot {VERSION}")
    commands = parser.add_subparsers(required=True, metavar="command")
    for each in _COMMANDS:
        each.add(commands)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
