"""The whole local system as a process of its own, on a free port, ended by its id."""

import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

CHROMIUM, DRIVER = (shutil.which(name) for name in ("chromium", "chromedriver"))


@dataclass
class System:
    process: subprocess.Popen
    url: str
    data: Path
    lines: list = field(default_factory=list)

    def process_of(self, name):
        """The process id that it told of a server or worker when it started it."""
        return next(
            int(found[1]) for line in self.lines if (found := re.search(rf"started +{name}\b.* process (\d+)", line))
        )

    def stop(self):
        """Interrupt it as Ctrl-C does; its exit status."""
        self.process.send_signal(signal.SIGINT)
        with self.process.stdout as rest:
            self.lines += rest.read().splitlines()
        return self.process.wait(timeout=20)


def start(data):
    command = [sys.executable, "-m", "brightspot_local.cli", "dev", "--port", "0", "--data", str(data)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True, env={**os.environ}
    )
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip())
        if found := re.match(r"serving +(http://\S+)", line):
            return System(process, found[1], data, lines)
    raise AssertionError(f"make dev did not start: {lines}")


@pytest.fixture(scope="module")
def system(tmp_path_factory):
    running = start(tmp_path_factory.mktemp("data"))
    yield running
    if running.process.poll() is None:
        running.stop()


@pytest.fixture
def own_system(tmp_path):
    running = start(tmp_path)
    yield running
    if running.process.poll() is None:
        running.stop()


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    if not (CHROMIUM and DRIVER):
        pytest.skip("needs chromium and chromedriver on PATH (Debian: chromium chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()
