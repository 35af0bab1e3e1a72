"""`brightspot batch FILE`: score every address of a CSV file."""

import argparse
from pathlib import Path

from brightspot_local.commands.data import add_data

_EXIT = "exit status: 0 when every row was scored, 1 when some were not (the output says why), 2 when nothing was done"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Offer the command."""
    command = commands.add_parser("batch", help="score every address of a CSV file", epilog=_EXIT)
    command.add_argument("file", type=Path, help="a CSV file in UTF-8 with a header and a column `address`")
    command.add_argument("--out", type=Path, help="where the rows with their scores go (default: standard output)")
    command.add_argument("--radius-miles", type=float, help="how far neighbourhoods reach, 0.5 to 25 (default 3)")
    command.add_argument("--persona", help="whose weights count (default business; `brightspot personas` lists them)")
    command.add_argument(
        "--weight", action="append", metavar="CATEGORY=NUMBER", help="weights of your own instead of a persona's"
    )
    command.add_argument("--json", action="store_true", help="write the full analyses as one JSON document")
    add_data(command)
    command.set_defaults(run=_run)


def _run(asked: argparse.Namespace) -> int:
    from brightspot_local.batch import batch  # noqa: PLC0415  # each command loads only what it needs

    return batch(asked)
