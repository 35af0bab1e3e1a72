"""`brightspot audit`: verify the audit log of a stack, or sign a checkpoint of it."""

import argparse
from pathlib import Path

_EXIT = "exit status: 0 when the log is whole or the work is done, 1 when it is broken, 2 when it cannot be looked at"
_LEAST_SECONDS = 60
_ANCHORS = "folder of anchored checkpoints (default: the bucket AUDIT_ANCHOR_BUCKET, if set)"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Offer the command."""
    command = commands.add_parser("audit", help="verify the audit log of TABLE_PREFIX, or sign it", epilog=_EXIT)
    whats = command.add_subparsers(required=True, metavar="what", dest="what")
    verify = whats.add_parser("verify", help="find edits, removals, gaps, other orders and rewrites", epilog=_EXIT)
    verify.add_argument("--keys", type=Path, help="file with the public keys of checkpoints (a JWKS)")
    verify.add_argument("--json", action="store_true", help="print what was found as JSON")
    verify.add_argument("--within", type=_duration, help="broken, too, when an entry waits for longer, as in 24h")
    checkpoint = whats.add_parser("checkpoint", help="sign what came since the last checkpoint, and anchor it")
    checkpoint.add_argument("--every", type=_duration, help="stay, and do so again and again, as in 1h (60s at least)")
    for each in (verify, checkpoint):
        each.add_argument("--stream", default="admin", help="which stream (default admin)")
        each.add_argument("--anchors", type=Path, help=_ANCHORS)
        each.set_defaults(run=_run)
    keys = whats.add_parser("keys", help="print the public key of AUDIT_SIGNING_KEY as a JWKS, for verify --keys")
    keys.set_defaults(run=_keys)


def _duration(text: str) -> int:
    from brightspot.core.durations import Duration  # noqa: PLC0415

    seconds = Duration(text)
    if seconds < _LEAST_SECONDS:
        raise ValueError(text)
    return seconds


def _run(asked: argparse.Namespace) -> int:
    from brightspot_local.audit.command import audit  # noqa: PLC0415  # each command loads only what it needs

    return audit(asked)


def _keys(_: argparse.Namespace) -> int:
    from brightspot_local.audit.command import public_keys  # noqa: PLC0415

    return public_keys()
