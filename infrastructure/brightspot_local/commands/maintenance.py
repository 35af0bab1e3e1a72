"""`brightspot maintenance`: list the maintenance tasks, run one, tell of runs."""

import argparse

from brightspot_local.commands.data import add_data
from brightspot_local.commands.server import add_server

_SERVER = "the server to ask (default: no server, but the tables of TABLE_PREFIX, else those of `make dev`)"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Offer the command."""
    command = commands.add_parser("maintenance", help="list the maintenance tasks, run one, tell of runs")
    actions = command.add_subparsers(required=True, metavar="action", dest="action")
    listed = actions.add_parser("list", help="list the tasks: when each is due (UTC), and its last run")
    run = actions.add_parser("run", help="run one, and tell what it did")
    run.add_argument("name", help="as `list` shows it, such as cleanup_old_content")
    run.add_argument("--dry-run", action="store_true", help="change nothing, and count what would be changed")
    run.add_argument(
        "--seconds", type=float, default=300.0, help="how long at most (default 300); a server gives it 25 s"
    )
    history = actions.add_parser("history", help="list runs, the latest first")
    history.add_argument("name", nargs="?", help="of this task alone (default: of each)")
    history.add_argument("--limit", type=int, default=20, help="how many of each task at most (default 20, most 100)")
    for each in (listed, run, history):
        add_server(each, _SERVER)
        add_data(each)
        each.set_defaults(run=_run)


def _run(asked: argparse.Namespace) -> int:
    from brightspot_local.maintenance import maintenance  # noqa: PLC0415  # each command loads only what it needs

    return maintenance(asked)
