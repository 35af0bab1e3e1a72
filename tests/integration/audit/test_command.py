"""`brightspot audit` as an operator runs it: a log that was left alone is whole, one that was not is not."""

import json
import os

import botocore.session
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from brightspot.audit import shared_trail
from brightspot.audit.trail import ADMIN
from brightspot.core.clock import SystemClock
from brightspot_local.audit import command
from brightspot_local.cli import main
from tests.conftest import HandClock
from tests.integration.audit.conftest import REGION
from tests.unit.audit.made import ADA


@pytest.fixture(autouse=True)
def _stack(table, monkeypatch, tmp_path):
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.pem").write_bytes(pem)
    monkeypatch.setenv("TABLE_PREFIX", "tests")
    monkeypatch.setenv("AUDIT_SIGNING_KEY_FILE", str(tmp_path / "key.pem"))


@pytest.fixture
def run(capsys):
    def go(*words):
        capsys.readouterr()
        status = main(["audit", *map(str, words)])
        said = capsys.readouterr()
        return status, said.out + said.err

    return go


@pytest.fixture
def keys(run, tmp_path):
    path = tmp_path / "keys.json"
    path.write_text(run("keys")[1])
    return path


def record(times):
    for number in range(times):
        shared_trail().record(ADA, "cache.clear", f"namespace-{number}", "done")


def delete(table, number, stream=ADMIN):
    table.delete_item(TableName="tests-audit", Key={"stream": {"S": stream}, "number": {"N": str(number)}})


def test_signing_and_verifying(run, keys, tmp_path):
    record(3)
    assert "signed up to entry 3" in run("checkpoint", "--anchors", tmp_path / "anchors")[1]
    assert "nothing new" in run("checkpoint", "--anchors", tmp_path / "anchors")[1]
    record(2)
    status, told = run("verify", "--keys", keys, "--anchors", tmp_path / "anchors")
    assert (status, told) == (0, "admin: 5 entries, 1 checkpoints over the first 3, 1 anchored; whole\n")


def test_what_was_removed_is_named(run, keys, table):
    record(4)
    run("checkpoint")
    delete(table, 4)
    status, told = run("verify", "--keys", keys, "--json")
    assert status == 1
    assert [each["kind"] for each in json.loads(told)["faults"]] == ["truncated"]


def test_a_removed_checkpoint_is_missed_by_its_anchor(run, keys, table, tmp_path):
    record(2)
    run("checkpoint", "--anchors", tmp_path / "anchors")
    delete(table, 1, f"checkpoints#{ADMIN}")
    assert run("verify", "--keys", keys)[0] == 0
    status, told = run("verify", "--keys", keys, "--anchors", tmp_path / "anchors")
    assert (status, "checkpoint_removed" in told) == (1, True)


def test_anchors_in_a_bucket_are_locked_and_later_versions_count_for_nothing(run, keys, monkeypatch):
    s3 = botocore.session.get_session().create_client("s3", REGION)
    s3.create_bucket(Bucket="anchors", ObjectLockEnabledForBucket=True)
    monkeypatch.setenv("AUDIT_ANCHOR_BUCKET", "anchors")
    record(2)
    run("checkpoint")
    record(1)
    run("checkpoint")
    key = "admin/00000001.json"
    assert s3.head_object(Bucket="anchors", Key=key)["ObjectLockMode"] == "COMPLIANCE"
    s3.put_object(Bucket="anchors", Key=key, Body=b"{}")
    assert run("verify", "--keys", keys) == (0, "admin: 3 entries, 2 checkpoints over the first 3, 2 anchored; whole\n")
    s3.put_object(Bucket="anchors", Key="admin/00000009.json", Body=b"no checkpoint")
    assert run("verify", "--keys", keys)[0] == 2


def test_checkpoints_cannot_be_verified_without_their_keys(run):
    record(1)
    run("checkpoint")
    status, told = run("verify")
    assert (status, "--keys" in told) == (2, True)


@pytest.mark.parametrize("variable", ["TABLE_PREFIX", "AUDIT_SIGNING_KEY_FILE"])
def test_what_is_not_set_is_named(run, variable):
    del os.environ[variable]
    status, told = run("checkpoint")
    assert (status, variable in told) == (2, True)


def test_a_key_that_is_none_is_refused_and_not_shown(run, tmp_path):
    (tmp_path / "key.pem").write_text("secret-material")
    status, told = run("checkpoint")
    assert (status, "secret-material" in told, "AUDIT_SIGNING_KEY" in told) == (2, False, True)


def test_the_watch_signs_each_time_and_bears_a_failure(run, capsys, monkeypatch):
    record(1)
    waits = []

    def wait(seconds):
        waits.append(seconds)
        if len(waits) == 2:
            monkeypatch.setenv("AUDIT_SIGNING_KEY_FILE", "/nowhere/key.pem")
        if len(waits) == 4:
            raise KeyboardInterrupt
        record(1)

    monkeypatch.setattr(command.time, "sleep", wait)
    status, told = run("checkpoint", "--every", "1h")
    assert (status, waits) == (0, [3600] * 4)
    assert [line.split(":")[0] for line in told.splitlines()] == [
        "signed up to entry 1",
        "signed up to entry 2",
        "brightspot audit",
        "brightspot audit",
    ]
    assert "again in 3600 s" in told


@pytest.mark.parametrize("every", ["59s", "often", "3600"])
def test_a_watch_without_a_time_that_can_be_meant_is_refused(run, every):
    with pytest.raises(SystemExit):
        run("checkpoint", "--every", every)


def test_an_entry_that_waits_too_long_for_its_checkpoint_is_told(run, keys, monkeypatch):
    record(2)
    run("checkpoint")
    assert run("verify", "--keys", keys, "--within", "1h")[0] == 0
    record(1)
    assert run("verify", "--keys", keys, "--within", "1h")[0] == 0
    later = HandClock()
    later.advance(seconds=(SystemClock().now() - later.now()).total_seconds() + 7200)
    monkeypatch.setattr(command, "SystemClock", lambda: later)
    status, told = run("verify", "--keys", keys, "--within", "1h")
    assert (status, "overdue  at 3:" in told) == (1, True)
