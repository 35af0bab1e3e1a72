"""Builds the bundle once, starts its functions when asked, and tells sizes and start times at the end."""

import json
import os
import platform
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from brightspot_local.bundle import Bundle, Emulator, read
from brightspot_local.dev.template import Function
from brightspot_local.paths import EVENTS, ROOT

HOST_ARCH = "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64"
FIGURES = pytest.StashKey[list[str]]()

type Build = Callable[[str], Bundle]
type Start = Callable[[str], Emulator]


def pytest_configure(config: pytest.Config) -> None:
    config.stash[FIGURES] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in config.stash[FIGURES]:
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def arch() -> str:
    return os.environ.get("ARCH") or HOST_ARCH


@pytest.fixture(scope="session")
def build(arch: str) -> Build:
    """Runs `make build` into a folder below the checkout."""

    def run(folder: str) -> Bundle:
        # Without MAKEFLAGS and its kin, this make is nobody's sub-make.
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
        command = ["make", "-s", "build", f"ARCH={arch}", f"BUILD={folder}"]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr}"
        return read(ROOT / folder)

    return run


@pytest.fixture(scope="session")
def bundle(build: Build) -> Bundle:
    return build(".aws-sam/build")


@pytest.fixture(scope="session")
def start(
    bundle: Bundle, arch: str, tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[Start]:
    """Starts a function of the bundle by logical id, once; all of them end with the session."""
    if arch != HOST_ARCH:
        pytest.skip(f"this machine is {HOST_ARCH} and cannot start a function built for {arch}")
    if platform.system() != "Linux":
        pytest.skip("the Runtime Interface Emulator inside aws-sam-cli runs on Linux only")
    logs = tmp_path_factory.mktemp("functions")
    started: dict[str, Emulator] = {}
    with ExitStack() as running:

        def once(name: str) -> Emulator:
            if name not in started:
                function = alone(bundle.functions[name])
                started[name] = running.enter_context(Emulator(function, bundle.layer, logs / f"{name}.log"))
            return started[name]

        yield once
        starts = ", ".join(f"{name} {each.init_ms:.0f} ms" for name, each in started.items() if each.init_ms)
        pytestconfig.stash[FIGURES].append(f"bundle: function starts (INIT REPORT): {starts or 'none'}")


def alone(function: Function) -> Function:
    """No tables, queues and tokens here: each instance remembers for itself, and reads are open to anybody."""
    apart = {"TABLE_PREFIX": "", "HISTORY_QUEUE_URL": "", "AUTH_REQUIRED": "false"}
    return replace(function, environment={**function.environment, **apart})


def samples() -> dict[str, dict[str, object]]:
    """Every sample event by its file's name."""
    return {file.stem: json.loads(file.read_text()) for file in sorted(EVENTS.glob("*.json"))}


def files(folder: Path) -> list[Path]:
    return sorted(each for each in folder.rglob("*") if each.is_file())
