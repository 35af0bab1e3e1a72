"""`make deploy-local`: the built bundle in a local AWS, from its first resource until nothing is left of it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from brightspot.operations.upkeep.registry import TASKS
from brightspot_local.bundle import Bundle
from brightspot_local.bundle.built import BUILD
from tests.bundle.conftest import FIGURES, HOST_ARCH
from tests.processes import alive

STEPS = ["started", "started", "packaged", "deployed", "routed"]
STEPS += ["refused", "cleared", "analyzed", "recorded", "deferred", "answered"]
STEPS += ["fired"] * 9 + ["quiet", "deleted", "clean"]  # a schedule each
LINE = re.compile(r" *([\d.]+) s +([+-][\d.]+) +(\w+) +(.*)")
# What a shell may say of AWS: a deployment that heeds any of it fails.
CALLERS = {
    "AWS_PROFILE": "of-the-caller",
    "AWS_ACCESS_KEY_ID": "of-the-caller",
    "AWS_SECRET_ACCESS_KEY": "of-the-caller",
    "AWS_REGION": "eu-west-3",
    "AWS_DEFAULT_REGION": "eu-west-3",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "SAM_CLI_TELEMETRY": "1",
    "REDIS_URL": "redis://127.0.0.1:9",
    "TABLE_PREFIX": "of-the-caller",
    "JWT_PUBLIC_KEYS": "of-the-caller",
}
UNKNOWN = """
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  Gateway:
    Type: AWS::EC2::NatGateway
    Properties: {SubnetId: subnet-1}
"""


def deploy(build: Path, data: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "brightspot_local.deploy", "--build", str(build), "--data", str(data)]
    return subprocess.run(
        command, env={**os.environ, **CALLERS}, capture_output=True, text=True, timeout=400, check=False
    )


def test_the_bundle_is_deployed_works_over_http_and_by_its_schedule_and_is_deleted_clean(
    bundle: Bundle, arch: str, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    if arch != HOST_ARCH:
        pytest.skip(f"this machine is {HOST_ARCH} and cannot start a function built for {arch}")
    done = deploy(BUILD, tmp_path)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    lines = [found.groups() for line in done.stdout.splitlines() if (found := LINE.fullmatch(line))]
    assert [step for _, _, step, _ in lines if step != "waiting"] == STEPS, done.stdout
    fired = [what for _, _, step, what in lines if step == "fired"]
    (watched,), (probed,), (cleaned,) = (
        [each for each in fired if f"brightspot-local-{name} " in each.split(" ran ")[0] + " "]
        for name in ("alert-watch", "health-probe", "cleanup-old-content")
    )
    assert "AlertsFiring [0, 0]" in watched
    assert "Healthy [1" in probed
    assert "AnalysesDeleted [0" in cleaned
    assert sum("brightspot-local-maintenance:" in each for each in fired) == len(TASKS)
    processes = [int(process) for process in re.findall(r"started .* process (\d+)", done.stdout)]
    assert len(processes) == 2
    assert not [each for each in processes if alive(each)]
    assert not (tmp_path / "ministack" / "tmp").exists()
    steps = ", ".join(f"{step} {own}" for _, own, step, _ in lines if float(own) >= 1)
    pytestconfig.stash[FIGURES].append(f"bundle: deploy-local {lines[-1][0]} s: {steps}")


def test_what_the_local_aws_does_not_know_is_named_and_nothing_stays(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(UNKNOWN)
    done = deploy(tmp_path, tmp_path / "data")
    assert done.returncode == 1
    assert "Unrecognized resource types: [AWS::EC2::NatGateway]" in done.stderr
    assert "Traceback" not in done.stderr
    assert not [each for each in re.findall(r"process (\d+)", done.stdout) if alive(int(each))]


def test_without_a_build_it_says_how_to_make_one(tmp_path: Path) -> None:
    done = deploy(tmp_path / "nowhere", tmp_path)
    assert done.returncode == 1
    assert "run make build" in done.stderr
