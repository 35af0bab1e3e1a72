"""Builds the bundle once, starts its functions when asked, and tells sizes and start times at the end."""

import json
import os
import platform
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import pytest

from brightspot_local.bundle import Bundle, Emulator, read
from brightspot_local.dev.intrinsics import Intrinsics
from brightspot_local.dev.template import Function, functions, load, routes, schedules
from brightspot_local.paths import EVENTS, ROOT
from tests.conftest import BUNDLE

HOST_ARCH = "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64"
FIGURES = pytest.StashKey[list[str]]()

BUILD = Path(".aws-sam", "build")


class Build(Protocol):
    def __call__(self, checkout: Path, umask: int = 0o022) -> Bundle: ...


type Start = Callable[[str], Emulator]


def pytest_configure(config: pytest.Config) -> None:
    config.stash[FIGURES] = []


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker hands its figures to the process that prints them."""
    told = getattr(session.config, "workeroutput", None)
    if told is not None:
        told["figures"] = session.config.stash[FIGURES]


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist
def pytest_testnodedown(node: Any) -> None:
    node.config.stash[FIGURES] += getattr(node, "workeroutput", {}).get("figures", [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in config.stash[FIGURES]:
        terminalreporter.write_line(line)


@pytest.fixture(autouse=True)
def _on_one_worker(request: pytest.FixtureRequest) -> None:
    """Two workers that build at a time would spoil each other's folder."""
    module = request.node.nodeid.partition("::")[0]
    if {"build", "bundle"} & set(request.fixturenames):
        assert module in BUNDLE, f"add {module} to BUNDLE in tests/conftest.py: it uses the built bundle"


@pytest.fixture(scope="session")
def arch() -> str:
    return os.environ.get("ARCH") or HOST_ARCH


@pytest.fixture(scope="session")
def build(arch: str) -> Build:
    """Runs `make build` in a checkout, this one or a copy of it."""

    def run(checkout: Path, umask: int = 0o022) -> Bundle:
        # Without MAKEFLAGS and its kin, this make is nobody's sub-make.
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
        command = ["make", "-s", "build", f"ARCH={arch}"]
        done = subprocess.run(
            command, cwd=checkout, env=environment, umask=umask, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr}"
        return read(checkout / BUILD)

    return run


@pytest.fixture(scope="session")
def bundle(build: Build) -> Bundle:
    return build(ROOT)


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
    apart = {
        "TABLE_PREFIX": "",
        "HISTORY_QUEUE_URL": "",
        "REPORTS_BUCKET": "",
        "BULK_BUCKET": "",
        "JOBS_BUCKET": "",
        "AUTH_REQUIRED": "false",
    }
    return replace(function, environment={**function.environment, **apart})


def samples() -> dict[str, dict[str, object]]:
    """Every sample event by its file's name."""
    return {file.stem: json.loads(file.read_text()) for file in sorted(EVENTS.glob("*.json"))}


def function_of() -> dict[str, str]:
    """The logical id of the function that each sample event is for: by its route or task, else by its folder's name.

    A function that is called in several other ways has an event for each: `<folder>_<way>.json`.
    """
    template = load()
    by_route = {route.key: route.function for route in routes(template)}
    known = Intrinsics(template, {"Env": "local"})
    by_task = {json.loads(each.input)["task"]: each.function for each in schedules(known)}
    by_folder = {each.folder.name: name for name, each in functions(known).items()}
    found = {
        name: by_route.get(str(event.get("routeKey"))) or by_task.get(str(event.get("task"))) or by_folder.get(name)
        for name, event in samples().items()
    }
    ways = {name: [each for each in by_folder if name.startswith(f"{each}_")] for name in found if found[name] is None}
    found |= {name: by_folder[max(folders, key=len)] for name, folders in ways.items() if folders}
    return {name: function for name, function in found.items() if function is not None}


def files(folder: Path) -> list[Path]:
    return sorted(each for each in folder.rglob("*") if each.is_file())
