"""The AWS that is deployed to: MiniStack with the services that the template names."""

import shlex
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from brightspot_local.deploy.errors import DeployFailed
from brightspot_local.services import ministack
from brightspot_local.services.aws import client, new_session

_SERVICES = (
    "apigateway,cloudformation,dynamodb,events,iam,kms,lambda,logs,monitoring,"
    "s3,scheduler,secretsmanager,sns,sqs,ssm,sts"
)


def local_aws(data: Path) -> AbstractContextManager[ministack.MiniStack]:
    """One that knows nothing of those before it. Functions do what their roles allow there, and nothing else.

    Raises ServiceUnavailable.
    """
    data.mkdir(parents=True, exist_ok=True)
    return ministack.running(data, ministack.Use(_SERVICES, keeps=False, roles=True, python=str(_interpreter(data))))


def _interpreter(data: Path) -> Path:
    """What functions run on: this Python without its packages, so that what the bundle lacks is missing here too."""
    file = data / "python"
    file.write_text(f'#!/bin/sh\nexec {shlex.quote(str(Path(sys.executable).resolve()))} -S "$@"\n')
    file.chmod(0o755)
    return file


@contextmanager
def refusals() -> Iterator[None]:
    """What the local AWS refuses inside is a DeployFailed."""
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise DeployFailed(f"the local AWS refused: {error}") from error


class Clients:
    """One botocore client a service: making one takes longer than asking it."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._session = new_session()
        self._made: dict[str, Any] = {}

    def __call__(self, service: str) -> Any:
        if service not in self._made:
            self._made[service] = client(service, self._endpoint, self._session)
        return self._made[service]
