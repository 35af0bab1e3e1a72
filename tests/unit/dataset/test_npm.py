"""Packages of npm: pinned by hash, and read only when they are the pinned ones."""

import gzip
import hashlib
import io
import tarfile

import pytest

from dataset import npm
from dataset.packages import PackageMismatch


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder that holds version 1.0 of a package `map`, pinned by its hash."""
    with tarfile.open(tmp_path / "map-1.0.tgz", "w:gz") as archive:
        member = tarfile.TarInfo("package/lines.json")
        member.size = 2
        archive.addfile(member, io.BytesIO(b"{}"))
    pin(tmp_path, monkeypatch, hashlib.sha256((tmp_path / "map-1.0.tgz").read_bytes()).hexdigest())
    return tmp_path


def pin(folder, monkeypatch, sha256):
    (folder / "npm.txt").write_text(f"map==1.0 --hash=sha256:{sha256}\n")
    monkeypatch.setattr(npm, "PINS", folder / "npm.txt")


def test_the_pinned_package_is_read(folder):
    assert npm.content(folder, "map", "lines.json") == b"{}"


def test_another_package_of_that_name_is_refused(folder):
    (folder / "map-1.0.tgz").write_bytes(gzip.compress(b"other"))
    with pytest.raises(PackageMismatch, match="sha256 is"):
        npm.content(folder, "map", "lines.json")


def test_without_npm_it_says_what_could_not_be_fetched(tmp_path, monkeypatch):
    pin(tmp_path, monkeypatch, "0" * 64)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PackageMismatch, match=r"map 1\.0: npm could not fetch it"):
        npm.content(tmp_path, "map", "lines.json")
