"""`brightspot search`: find the best ZIPs of an area."""

import argparse


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Offer the command."""
    command = commands.add_parser("search", help="find the best ZIPs of a state, a county, round an address, or of all")
    area = command.add_mutually_exclusive_group()
    area.add_argument("--state", help='postal code or name, such as "MN"')
    area.add_argument("--county", help='name and state, such as "Olmsted County, MN", or FIPS code')
    area.add_argument("--near", metavar="ADDRESS", help="round an address, a city or a ZIP")
    command.add_argument("--miles", type=float, default=25.0, help="how far, with --near: up to 250 (default 25)")
    command.add_argument("--persona", help="whose weights count (default business; `brightspot personas` lists them)")
    command.add_argument(
        "--weight", action="append", metavar="CATEGORY=NUMBER", help="weights of your own instead of a persona's"
    )
    command.add_argument(
        "--filter",
        action="append",
        default=[],
        metavar="NAME=MIN:MAX",
        help="only ZIPs with a value in this range, either end may be left out: population=5000: or safety=:60",
    )
    command.add_argument("--limit", type=int, help="how many, 1 to 100 (default 10)")
    command.add_argument("--cursor", help="the next_cursor of the page before")
    command.add_argument("--json", action="store_true", help="print the body that the HTTP API answers with")
    command.set_defaults(run=_run)


def _run(asked: argparse.Namespace) -> int:
    from brightspot_local.search import search  # noqa: PLC0415  # each command loads only what it needs

    return search(asked)
