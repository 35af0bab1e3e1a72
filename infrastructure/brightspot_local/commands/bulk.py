"""`brightspot bulk plan`: what scoring a large file on AWS costs and how long it takes."""

import argparse

_EXIT = "exit status: 0, or 2 when a number cannot be used"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Offer the command."""
    command = commands.add_parser("bulk", help="plan a mass run on AWS (docs/bulk.md)", epilog=_EXIT)
    plan = command.add_subparsers(required=True, metavar="what").add_parser(
        "plan", help="what it costs and how long it takes, by AWS's list prices", epilog=_EXIT
    )
    plan.add_argument("--rows", type=_positive, required=True, help="addresses in the file")
    plan.add_argument("--rows-per-batch", type=_positive, default=100, help="of one call of the function (default 100)")
    plan.add_argument("--at-once", type=_positive, default=200, help="batches side by side (default 200)")
    plan.add_argument("--ms-per-address", type=_milliseconds, default=10.0, help="as measured on arm64 (default 10)")
    plan.add_argument("--whole", action="store_true", help="keep whole analyses instead of scores")
    plan.add_argument("--record", action="store_true", help="have all of them in the history")
    plan.add_argument("--json", action="store_true", help="write one JSON document")
    plan.set_defaults(run=_run)


def _run(asked: argparse.Namespace) -> int:
    from brightspot_local.bulk import show  # noqa: PLC0415  # each command loads only what it needs

    return show(asked)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("send a whole number from 1")
    return int(text)


def _milliseconds(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < 60_000:  # noqa: PLR2004  # the minute that the function has
        raise argparse.ArgumentTypeError("send milliseconds, above 0 and below 60,000")
    return number
