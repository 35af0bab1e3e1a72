"""What is measured, built: Brightspot as it deploys, and the usual handler as carefully, both under build/bench."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from brightspot_local.paths import FUNCTIONS, LAYER, ROOT, TEMPLATE

BENCH = ROOT / "build" / "bench"
OURS = BENCH / "ours"
USUAL = BENCH / "usual"
LAYER_BUILT = OURS / "SharedLayer"
_USUAL_SOURCE = Path(__file__).with_name("usual")
_UV = ROOT / ".tools" / "uv" / "bin" / "uv"
_FIXED_ENVIRONMENT = {"LOG_LEVEL": "INFO", "POWERTOOLS_SERVICE_NAME": "brightspot", "AUTH_REQUIRED": "false"}


class BuildFailed(Exception):
    """What is to be measured could not be built; the message ends with what the build said."""


def environment(redis_url: str) -> dict[str, str]:
    """What both handlers find in their environment."""
    return {**_FIXED_ENVIRONMENT, "REDIS_URL": redis_url}


def build() -> None:
    """Build what is older than its sources. Raises BuildFailed."""
    if _stale(OURS / "template.yaml", [LAYER, FUNCTIONS, TEMPLATE]):
        # Without MAKEFLAGS and its kin, this make is nobody's sub-make.
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
        _run(["make", "-s", "build", f"BUILD={OURS.relative_to(ROOT)}"], clean)
    if _stale(USUAL / ".built", [_USUAL_SOURCE]):
        _build_usual()


def _build_usual() -> None:
    """Its own libraries lie beside its code; the layer's, which are the same versions, it takes from the layer."""
    shutil.rmtree(USUAL, ignore_errors=True)
    install = ["pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:", "--python", sys.executable]
    wanted = ["--target", str(USUAL), "--link-mode", "copy", "--requirement", str(_USUAL_SOURCE / "requirements.txt")]
    _run([str(_UV), *install, *wanted])
    for file in _USUAL_SOURCE.glob("*.py"):
        shutil.copy(file, USUAL)
    for folder in [*USUAL.rglob("__pycache__")]:
        shutil.rmtree(folder)
    compiled = ["-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", "-s", str(USUAL), "-p", "/var/task"]
    _run([sys.executable, *compiled, str(USUAL)])
    (USUAL / ".built").touch()


def _run(command: list[str], environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildFailed(f"{' '.join(command)}:\n{done.stdout}\n{done.stderr}")


def _stale(made: Path, sources: list[Path]) -> bool:
    if not made.exists():
        return True
    files = [each for source in sources for each in [source, *source.rglob("*")] if each.is_file()]
    newest = max(each.stat().st_mtime for each in files if "__pycache__" not in each.parts)
    return newest > made.stat().st_mtime
