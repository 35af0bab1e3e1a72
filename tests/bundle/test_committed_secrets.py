"""No committed file holds a secret; what looks like one is named here with its reason."""

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from brightspot.core.ids import new_id
from brightspot.identity.refresh import first_token
from brightspot.security import SigningKey, new_key, signed_token
from brightspot_local.paths import ROOT
from tests.bundle.leaks import Allowed, leaks
from tests.conftest import HandClock

ALLOWED = [
    Allowed("tests/integration/valkey/test_wire.py", "password in a URL", "of a server that there is not"),
]
KEY = Ed25519PrivateKey.generate()
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
ID = new_id(HandClock().now())
CASES = {
    "private key": PEM,
    "private key in JSON": PEM.replace("\n", "\\n"),
    "AWS access key": "AKIA" + "Q3EGRV7TPZ2KX5MN",
    "AWS secret key": 'aws_secret_access_key = "' + "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzTTTTKEYS" + '"',
    "JSON Web Token": signed_token(SigningKey("k1", "EdDSA", KEY.sign), {"sub": "ada", "exp": 1}),
    "API key": new_key(ID).text,
    "refresh token": first_token(ID).text,
    "password in a URL": "redis://" + "app:s3cr3t-word" + "@cache.internal:6379",
}


def committed() -> list[Path]:
    """What git has; without a git, everything but what tools make."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    made = {line.rstrip("/") for line in (ROOT / ".gitignore").read_text().splitlines()} | {".git"}
    return [each for each in ROOT.rglob("*") if each.is_file() and made.isdisjoint(each.relative_to(ROOT).parts)]


@pytest.mark.parametrize("kind", CASES)
def test_each_kind_of_secret_is_found(kind: str) -> None:
    assert [*leaks(f"it is {CASES[kind]} here".encode())]


def test_samples_that_nobody_takes_for_real_are_none() -> None:
    key = "bs_01K9XQ4T6M8R2V5W7Y0ZABCDEG" + "A" * 43
    assert not [
        *leaks(f"{key} AKIAIOSFODNN7EXAMPLE https://username:password@host -----BEGIN PRIVATE KEY-----".encode())
    ]


def test_no_committed_file_holds_a_secret() -> None:
    files = committed()
    assert len(files) > 500
    found = {(str(file.relative_to(ROOT)), kind) for file in files for kind, _ in leaks(file.read_bytes())}
    allowed = {(each.file, each.kind) for each in ALLOWED}
    assert found - allowed == set()
    assert allowed - found == set(), "these excuse nothing any more: remove them"
