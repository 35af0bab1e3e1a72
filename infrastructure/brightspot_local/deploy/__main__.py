"""Deploy a built bundle to MiniStack, prove that it works, and delete it again (`make deploy-local`)."""

import argparse
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from brightspot_local.bundle.built import BUILD
from brightspot_local.deploy import Asked, DeployFailed, deploy
from brightspot_local.keys import LocalKeysUnusable
from brightspot_local.paths import ROOT
from brightspot_local.services import ServiceUnavailable
from brightspot_local.services.interrupts import interrupted_once

_FAILED = 1
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when every step did what it should, 1 when one did not (the reason is on stderr), 130 when interrupted."""
    parser = argparse.ArgumentParser(prog="python -m brightspot_local.deploy", description=__doc__)
    parser.add_argument("--build", type=Path, default=BUILD, help="folder that make build filled")
    parser.add_argument("--data", type=Path, default=ROOT / "build" / "deploy-local", help="folder for servers' files")
    parser.add_argument("--keep", action="store_true", help="leave it running until Ctrl-C")
    given = parser.parse_args(arguments)
    machine = "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64"
    try:
        with interrupted_once():
            deploy(Asked(given.build.resolve(), given.data.resolve(), machine, given.keep), sys.stdout)
    except (DeployFailed, ServiceUnavailable, LocalKeysUnusable) as error:
        print(f"deploy-local: {error}", file=sys.stderr)
        return _FAILED
    except KeyboardInterrupt:
        return _INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main())
