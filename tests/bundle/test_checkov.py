"""checkov over the templates: what it finds is told unless declared, and nothing that it could not read passes."""

import os
from pathlib import Path
from typing import Any

import pytest

from brightspot_local.paths import ROOT
from lint import policies
from lint.policies import Allowed, beyond, exceptions, main

QUEUES = Allowed("CKV_AWS_27", "AWS::SQS::Queue.*", "encrypted otherwise")
OPEN = """
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Topic:
    Type: AWS::SNS::Topic
  Letters:
    Type: AWS::SQS::Queue
"""


def found(check: str, resource: str, file: str = "/template.yaml") -> dict[str, Any]:
    return {
        "check_id": check,
        "check_name": "Ensure",
        "resource": resource,
        "file_path": file,
        "file_line_range": [3, 9],
    }


def results(failed: Any = (), passed: Any = (), skipped: Any = ()) -> dict[str, Any]:
    return {"failed_checks": failed, "passed_checks": passed, "skipped_checks": skipped}


def test_what_is_not_declared_is_told_with_its_place() -> None:
    topic = found("CKV_AWS_26", "AWS::SNS::Topic.Alarms")
    assert list(beyond(results([topic]), [], ["template.yaml"])) == [
        "template.yaml:3: CKV_AWS_26 AWS::SNS::Topic.Alarms: Ensure"
    ]


def test_an_exception_excuses_its_check_on_its_resources_alone() -> None:
    queue = found("CKV_AWS_27", "AWS::SQS::Queue.Letters")
    assert list(beyond(results([queue]), [QUEUES], ["template.yaml"])) == []
    for other in (found("CKV_AWS_28", "AWS::SQS::Queue.Letters"), found("CKV_AWS_27", "AWS::SNS::Topic.Alarms")):
        assert len(list(beyond(results([queue, other]), [QUEUES], ["template.yaml"]))) == 1


def test_an_exception_that_excuses_nothing_is_told() -> None:
    passed = found("CKV_AWS_27", "AWS::SQS::Queue.Letters")
    told = list(beyond(results(passed=[passed]), [QUEUES], ["template.yaml"]))
    assert told == ["CKV_AWS_27 on AWS::SQS::Queue.* excuses nothing: remove it"]


def test_a_template_cannot_excuse_itself() -> None:
    skipped = found("CKV_AWS_27", "AWS::SQS::Queue.Letters")
    told = list(beyond(results(skipped=[skipped]), [], ["template.yaml"]))
    assert told == ["template.yaml:3: AWS::SQS::Queue.Letters skips CKV_AWS_27 by itself"]


def test_an_exception_needs_a_reason(tmp_path: Path) -> None:
    file = tmp_path / "exceptions.yaml"
    file.write_text('CKV_AWS_27: {resources: "*", reason: " "}')
    with pytest.raises(ValueError, match="CKV_AWS_27 has no reason"):
        exceptions(file)


def test_checkov_finds_what_is_open_and_a_file_that_it_cannot_read_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "open.yaml").write_text(OPEN)
    (tmp_path / "torn.yaml").write_text("Resources: {Topic: {Type: AWS::SNS::Topic")
    names = [os.path.relpath(tmp_path / name, ROOT) for name in ("open.yaml", "torn.yaml")]
    assert main(names) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if "CKV_AWS_26 AWS::SNS::Topic.Topic" in line and line.startswith(f"{names[0]}:4: ")]
    assert f"{names[1]}: checkov could read nothing of it" in lines
    assert not [line for line in lines if "AWS::SQS::Queue.Letters" in line]


def test_checkov_that_fails_is_an_error_with_what_it_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "bin" / "checkov"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\necho no such option >&2\nexit 2\n")
    tool.chmod(0o755)
    monkeypatch.setattr(policies, "TOOL", tmp_path)
    with pytest.raises(RuntimeError, match=r"checkov failed \(2\):\s+no such option"):
        policies.report(["template.yaml"])
