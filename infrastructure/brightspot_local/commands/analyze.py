"""`brightspot analyze ADDRESS`: score one address."""

import argparse

from brightspot_local.commands.data import add_data


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Offer the command."""
    command = commands.add_parser("analyze", help="score one address")
    command.add_argument("address", help='such as "Rochester, MN 55901", a street address, a ZIP or "City, ST"')
    command.add_argument("--radius-miles", type=float, help="how far the neighbourhood reaches, 0.5 to 25 (default 3)")
    command.add_argument("--persona", help="whose weights count (default business; `brightspot personas` lists them)")
    command.add_argument(
        "--weight", action="append", metavar="CATEGORY=NUMBER", help="weights of your own instead of a persona's"
    )
    command.add_argument("--json", action="store_true", help="print the body that the HTTP API answers with")
    add_data(command)
    command.set_defaults(run=_run)


def _run(asked: argparse.Namespace) -> int:
    from brightspot_local.analyze import analyze  # noqa: PLC0415  # each command loads only what it needs

    return analyze(asked)
