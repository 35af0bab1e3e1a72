"""The `brightspot` command."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from brightspot import VERSION

_REFUSED = 2
_INTERRUPTED = 130


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

    analyze = commands.add_parser("analyze", help="score one address")
    analyze.add_argument("address", help='such as "Rochester, MN 55901", a street address, a ZIP or "City, ST"')
    analyze.add_argument("--radius-miles", type=float, help="how far the neighbourhood reaches, 0.5 to 25 (default 3)")
    analyze.add_argument("--persona", help="whose weights count (default business; `brightspot personas` lists them)")
    analyze.add_argument(
        "--weight", action="append", metavar="CATEGORY=NUMBER", help="weights of your own instead of a persona's"
    )
    analyze.add_argument("--json", action="store_true", help="print the body that the HTTP API answers with")
    _add_data(analyze)
    analyze.set_defaults(run=_analyze)

    personas = commands.add_parser("personas", help="list the personas and their weights")
    personas.set_defaults(run=_personas)

    dev = commands.add_parser("dev", help="serve the whole system on this machine")
    dev.add_argument("--port", type=int, default=9025, help="loopback port (default 9025)")
    _add_data(dev)
    dev.set_defaults(run=_dev)
    return parser


def _add_data(command: argparse.ArgumentParser) -> None:
    command.add_argument("--data", type=Path, default=Path(".brightspot"), help="data folder (default .brightspot)")


def _analyze(asked: argparse.Namespace) -> int:
    from brightspot_local.analyze import analyze  # noqa: PLC0415  # each command loads only what it needs

    return analyze(asked)


def _personas(_: argparse.Namespace) -> int:
    from brightspot_local.analyze import personas  # noqa: PLC0415

    return personas()


def _dev(asked: argparse.Namespace) -> int:
    from brightspot_local.dev.server import DevError, serve  # noqa: PLC0415

    try:
        serve(asked.port, asked.data.resolve(), sys.stdout)
    except DevError as error:
        print(f"brightspot dev: {error}", file=sys.stderr)
        return _REFUSED
    except KeyboardInterrupt:
        return 0  # Ctrl-C is how one ends it
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
