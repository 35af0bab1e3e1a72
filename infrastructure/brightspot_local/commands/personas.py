"""`brightspot personas`: list the personas and their weights."""

import argparse


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Offer the command."""
    command = commands.add_parser("personas", help="list the personas and their weights")
    command.set_defaults(run=_run)


def _run(_: argparse.Namespace) -> int:
    from brightspot_local.analyze import personas  # noqa: PLC0415  # each command loads only what it needs

    return personas()
