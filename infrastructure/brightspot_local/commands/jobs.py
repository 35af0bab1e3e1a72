"""`brightspot jobs`: have a server do what takes longer than a request may, and look after it."""

import argparse
from pathlib import Path

from brightspot_local.commands.data import add_data
from brightspot_local.commands.server import add_server

_EXIT = "exit status: 0 when the job is taken in (with --wait: done), 1 when it failed or was cancelled, 2 when refused"
_STATES = ("queued", "running", "done", "failed", "cancelled")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Offer the command."""
    command = commands.add_parser("jobs", help="send long work to the server at --url, and look after it")
    whats = command.add_subparsers(required=True, metavar="what", dest="what")
    submit = whats.add_parser("submit", help="send a job", epilog=_EXIT)
    _add_submit(submit)
    status = whats.add_parser("status", help="how a job is")
    result = whats.add_parser("result", help="save what a job found")
    result.add_argument("--file", help="which file of it, as in results.csv (default: the result itself, JSON)")
    cancel = whats.add_parser("cancel", help="end a job")
    for each in (status, result, cancel):
        each.add_argument("id", help="as `submit` and `list` show it")
    listed = whats.add_parser("list", help="list jobs, the newest first")
    listed.add_argument("--state", choices=_STATES, help="only those in this state")
    listed.add_argument("--limit", type=int, default=20, help="how many at most (default 20)")
    for each in (submit, result):
        each.add_argument("--out", type=Path, help="where the result goes (default: standard output)")
    for each in (submit, status, result, cancel, listed):
        add_server(each, "the server (default http://127.0.0.1:9025, that of `make dev`)")
        add_data(each)
        each.set_defaults(run=_run, url="http://127.0.0.1:9025")


def _add_submit(submit: argparse.ArgumentParser) -> None:
    submit.add_argument("type", help="its type, as in bulk_analyze or generate_report")
    work = submit.add_mutually_exclusive_group()
    work.add_argument("--csv", type=Path, help="a CSV file to upload: its column `address`, or its first one")
    work.add_argument("--address", action="append", help="an address; may be given several times")
    submit.add_argument(
        "--param", action="append", default=[], metavar="NAME=VALUE", help="a parameter; its value is JSON, or text"
    )
    submit.add_argument("--priority", choices=("high", "normal", "low"), default="normal", help="default normal")
    submit.add_argument("--webhook", metavar="URL", help="where to tell that it is finished")
    submit.add_argument(
        "--webhook-secret-file", type=Path, metavar="FILE", help="what holds the secret to sign that with"
    )
    submit.add_argument("--key", help="idempotency key: the same for each try")
    submit.add_argument("--wait", action="store_true", help="wait until it is finished, and write its result")
    submit.add_argument("--file", help="with --wait: which file of the result (default: the result itself, JSON)")


def _run(asked: argparse.Namespace) -> int:
    from brightspot_local.jobs import jobs  # noqa: PLC0415  # each command loads only what it needs

    return jobs(asked)
