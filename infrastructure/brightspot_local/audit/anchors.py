"""Copies of checkpoints where nobody can change them: S3 with object lock, or a folder for those who have none."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import msgspec
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import get_session

from brightspot.audit import Checkpoint
from brightspot.core import codec
from brightspot.core.errors import BrightspotError
from brightspot.core.settings import setting
from brightspot.store import StoreSettings

_decoder = msgspec.json.Decoder(Checkpoint)
_TAKEN = {"PreconditionFailed", "ConditionalRequestConflict"}


class AnchorsUnavailable(BrightspotError):
    """Anchors cannot be read or written; the message says why."""


@dataclass(frozen=True, slots=True)
class AnchorSettings:
    """Where checkpoints are anchored."""

    bucket: str = setting("AUDIT_ANCHOR_BUCKET", "", "S3 bucket with object lock that keeps copies of checkpoints")
    days: int = setting("AUDIT_ANCHOR_DAYS", 3650, "days that nobody may delete such a copy", least=1, most=36_500)


class Anchors(Protocol):
    """A place that keeps checkpoints."""

    def keep(self, checkpoint: Checkpoint) -> None: ...

    def kept(self, stream: str) -> Iterator[Checkpoint]: ...


class FolderAnchors:
    """Files `<stream>/<number>.json`. As safe as the folder is: a disk that is written once, another machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, checkpoint: Checkpoint) -> None:
        """Write its file; one that is there stays as it is."""
        path = self._folder / name_of(checkpoint)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_bytes(codec.dumps(checkpoint))

    def kept(self, stream: str) -> Iterator[Checkpoint]:
        """Every copy of a stream. Raises AnchorsUnavailable for a file that is none."""
        for path in sorted((self._folder / stream).glob("*.json")):
            yield _decoded(path.read_bytes(), str(path))


class BucketAnchors:
    """Objects `<stream>/<number>.json` in compliance mode: nobody, root included, deletes them early.

    Source: docs.aws.amazon.com, S3, "Locking objects with Object Lock".
    """

    def __init__(self, settings: AnchorSettings, store: StoreSettings) -> None:
        self._settings = settings
        self._client = get_session().create_client("s3", store.region, endpoint_url=store.endpoint_url or None)

    def keep(self, checkpoint: Checkpoint) -> None:
        """Put the object; one that is there stays as it is. Raises AnchorsUnavailable."""
        until = datetime.now(UTC) + timedelta(days=self._settings.days)
        try:
            self._client.put_object(
                Bucket=self._settings.bucket,
                Key=name_of(checkpoint),
                Body=codec.dumps(checkpoint),
                ContentType="application/json",
                IfNoneMatch="*",
                ChecksumAlgorithm="SHA256",
                ObjectLockMode="COMPLIANCE",
                ObjectLockRetainUntilDate=until,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in _TAKEN:
                raise AnchorsUnavailable(f"{self._settings.bucket}: {error}") from error
        except BotoCoreError as error:
            raise AnchorsUnavailable(f"{self._settings.bucket}: {error}") from error

    def kept(self, stream: str) -> Iterator[Checkpoint]:
        """The first version of every copy of a stream: later ones, which a lock does not prevent, count for nothing.

        Raises AnchorsUnavailable.
        """
        try:
            pages = self._client.get_paginator("list_object_versions").paginate(
                Bucket=self._settings.bucket, Prefix=f"{stream}/"
            )
            versions: list[dict[str, Any]] = [each for page in pages for each in page.get("Versions", [])]
            first: dict[str, dict[str, Any]] = {}
            for each in sorted(versions, key=lambda version: version["LastModified"], reverse=True):
                first[each["Key"]] = each
            for key, each in sorted(first.items()):
                asked = {"Bucket": self._settings.bucket, "Key": key, "VersionId": each["VersionId"]}
                yield _decoded(self._client.get_object(**asked)["Body"].read(), key)
        except (ClientError, BotoCoreError) as error:
            raise AnchorsUnavailable(f"{self._settings.bucket}: {error}") from error


def name_of(checkpoint: Checkpoint) -> str:
    """Where a copy is kept."""
    return f"{checkpoint.statement.stream}/{checkpoint.statement.number:08}.json"


def _decoded(data: bytes, where: str) -> Checkpoint:
    try:
        return _decoder.decode(data)
    except msgspec.DecodeError as error:
        raise AnchorsUnavailable(f"{where} is no checkpoint: {error}") from error
