"""Code, layer and nested templates of a build, put into the local S3, and the template that CloudFormation takes."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brightspot_local.deploy.errors import DeployFailed
from brightspot_local.dev.intrinsics import REGION
from brightspot_local.paths import ROOT
from brightspot_local.services.aws import ACCESS, client

_BUCKET = "assets"
_TOOLS = ROOT / ".tools" / "sam" / "bin"
_EXPAND = Path(__file__).with_name("expand.py")
_PACKAGE_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Packaged:
    """`url` is where CloudFormation reads the plain template; `objects` and `size` (bytes) are what was uploaded."""

    url: str
    template: dict[str, Any]
    objects: int
    size: int


def package(build: Path, work: Path, endpoint: str, parameters: Mapping[str, str]) -> Packaged:
    """Upload with `sam package`, then expand with SAM's own transform. Raises DeployFailed."""
    built = build / "template.yaml"
    if not built.exists():
        raise DeployFailed(f"nothing was built in {build}: run make build BUILD={build}")
    s3 = client("s3", endpoint)
    s3.create_bucket(Bucket=_BUCKET)
    packaged, plain = work / "packaged.yaml", work / "plain.json"
    environment = _environment(work, endpoint)
    upload = ["sam", "package", "--template-file", str(built), "--s3-bucket", _BUCKET, "--region", REGION]
    _run([*upload, "--no-progressbar", "--output-template-file", str(packaged)], environment)
    _run(["python", "-P", str(_EXPAND), str(packaged), str(plain)], environment, json.dumps(dict(parameters)))
    # A template of more than 51,200 bytes must come from S3.
    s3.put_object(Bucket=_BUCKET, Key=plain.name, Body=plain.read_bytes())
    held = s3.list_objects_v2(Bucket=_BUCKET)["Contents"]
    return Packaged(
        url=f"{endpoint}/{_BUCKET}/{plain.name}",
        template=json.loads(plain.read_text()),
        objects=len(held),
        size=sum(each["Size"] for each in held),
    )


def _environment(home: Path, endpoint: str) -> dict[str, str]:
    """Nothing of the caller's: no credentials, profiles or endpoints."""
    return {
        "PATH": f"{_TOOLS}:/usr/bin:/bin",
        "HOME": str(home),
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": endpoint,
        "SAM_CLI_TELEMETRY": "0",
        **ACCESS,
    }


def _run(command: list[str], environment: Mapping[str, str], stdin: str = "") -> None:
    name, *arguments = command
    try:
        done = subprocess.run(
            [str(_TOOLS / name), *arguments],
            env=environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=_PACKAGE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DeployFailed(f"{name} cannot be run: {error}") from error
    if done.returncode:
        raise DeployFailed(f"{' '.join(command[:3])} failed:\n{(done.stderr or done.stdout).strip()}")
