"""One S3 bucket: bytes by key; every failure is a BucketUnavailable."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from brightspot.core.snapshots import before_snapshot
from brightspot.store.aws import StoreSettings, aws_client
from brightspot.store.errors import BucketUnavailable, error_code

_READ_SECONDS: Final = 5.0  # a body of a megabyte takes longer than the row of a table
_TRIES: Final = 2  # all of these calls may be made again
_ABSENT: Final = ("404", "NoSuchKey")  # HEAD has no body to name the error in


class Bucket:
    """Safe to share between threads. Opens no connection before it is used. Raises BucketUnavailable."""

    def __init__(self, name: str, settings: StoreSettings) -> None:
        self._name = name
        self._client = aws_client("s3", settings, read_seconds=_READ_SECONDS, tries=_TRIES)
        before_snapshot(self._client.close)

    def put(self, key: str, body: bytes, media_type: str) -> None:
        """Write an object whole, instead of the one that may be there."""
        with self._reaching():
            self._client.put_object(Bucket=self._name, Key=key, Body=body, ContentType=media_type)

    def get(self, key: str) -> bytes | None:
        """The object's bytes; None when there is none."""
        with self._reaching():
            try:
                body: bytes = self._client.get_object(Bucket=self._name, Key=key)["Body"].read()
            except self._client.exceptions.NoSuchKey:
                return None
            return body

    def beginning(self, key: str, size: int) -> bytes | None:
        """The object's first bytes, at most `size` of them, none of an empty one; None when there is no object."""
        with self._reaching():
            try:
                body = self._client.get_object(Bucket=self._name, Key=key)["Body"]
            except self._client.exceptions.NoSuchKey:
                return None
            with body:  # S3 stops sending when it is closed
                start: bytes = body.read(size)
            return start

    def size(self, key: str) -> int | None:
        """The object's bytes, counted; None when there is none."""
        with self._reaching():
            try:
                told: int = self._client.head_object(Bucket=self._name, Key=key)["ContentLength"]
            except self._client.exceptions.ClientError as error:
                if error_code(error) in _ABSENT:
                    return None
                raise  # nosemgrep: vendor-error-raised-on  # what is around it makes it ours
            return told

    def link_to_read(self, key: str, seconds: int, filename: str) -> str:
        """A URL with which anybody has the object for so long, to save under a name. Asks no server."""
        told = {"Bucket": self._name, "Key": key, "ResponseContentDisposition": f'attachment; filename="{filename}"'}
        return self._link("get_object", told, seconds)

    def link_to_write(self, key: str, seconds: int, size: int) -> str:
        """A URL to which anybody may PUT exactly `size` bytes for so long: the length is signed. Asks no server."""
        return self._link("put_object", {"Bucket": self._name, "Key": key, "ContentLength": size}, seconds)

    def listed(self, prefix: str) -> list[dict[str, Any]]:
        """Key, Size and LastModified of the objects whose key begins so, in the order of keys, a thousand a call."""
        with self._reaching():
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._name, Prefix=prefix)
            return [each for page in pages for each in page.get("Contents", [])]

    def page(self, prefix: str, after: str) -> list[dict[str, Any]]:
        """Key, Size and LastModified of at most a thousand objects whose key begins so, in order, past a key."""
        with self._reaching():
            told = self._client.list_objects_v2(Bucket=self._name, Prefix=prefix, StartAfter=after)
            return list(told.get("Contents", []))

    def delete(self, keys: Sequence[str]) -> None:
        """Delete at most a thousand objects; a key without one is no failure."""
        with self._reaching():
            wanted = {"Objects": [{"Key": key} for key in keys], "Quiet": True}
            told = self._client.delete_objects(Bucket=self._name, Delete=wanted)
        if refused := told.get("Errors"):
            first = refused[0]
            raise BucketUnavailable(
                f"{self._name}: {len(refused)} objects not deleted: {first.get('Code')}", first.get("Code")
            )

    def _link(self, what: str, told: dict[str, Any], seconds: int) -> str:
        with self._reaching():
            url: str = self._client.generate_presigned_url(what, Params=told, ExpiresIn=seconds)
            return url

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  # loaded by now

        try:
            yield
        except (BotoCoreError, ClientError) as error:
            raise BucketUnavailable.because(self._name, error) from error
