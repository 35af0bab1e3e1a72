"""A checkpoint of the local audit log, signed with this machine's own key when `make dev` ends."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from brightspot_local.dev.intrinsics import STACK
from brightspot_local.services.aws import ELSEWHERE

_SECONDS = 10.0


def sign(key: Path, anchors: Path, environment: Mapping[str, str], say: Callable[[str], None]) -> None:
    """Sign what came since the last one and keep a copy below `anchors`; what keeps it from being signed is told.

    A process of its own does it, since what reads tables takes its endpoint from the environment.
    """
    command = [sys.executable, "-m", "brightspot_local.cli", "audit", "checkpoint", "--anchors", str(anchors)]
    callers = {name: value for name, value in os.environ.items() if name not in {*ELSEWHERE, "AUDIT_SIGNING_KEY"}}
    ours = {**callers, **environment, "TABLE_PREFIX": STACK, "AUDIT_SIGNING_KEY_FILE": str(key)}
    try:
        done = subprocess.run(
            command,
            env=ours,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
            start_new_session=True,  # Ctrl-C is ours to hand on
        )
        told = (done.stdout or done.stderr).strip()
    except subprocess.TimeoutExpired:
        told = f"not signed within {_SECONDS:g} s"
    say(f"audit    {told}")
