"""Answers of an ArcGIS server to a query: features, or an error that looks like success."""

import msgspec

from brightspot.locations.collectors.live.errors import SourceFailed
from brightspot.locations.collectors.live.source import decoded

# Older servers call their JSON plain text.
MEDIA = ("json", "text/plain")


class _Error(msgspec.Struct, frozen=True):
    code: int = 0
    message: str = ""


class _Feature[T](msgspec.Struct, frozen=True):
    attributes: T


class _Answer[T](msgspec.Struct, frozen=True, rename="camel"):
    features: list[_Feature[T]] | None = None
    error: _Error | None = None
    exceeded_transfer_limit: bool = False


def attributes[T](body: bytes, kind: type[T]) -> list[T]:
    """The attributes of every feature; none is an answer too.

    Raises SourceFailed, also for an error that came with HTTP 200, and for a list that the server cut short.
    """
    answer: _Answer[T] = decoded(body, _Answer[kind])  # type: ignore[valid-type]  # msgspec reads it when it runs
    if answer.error is not None:
        raise SourceFailed(f"it answered an error ({answer.error.code}: {answer.error.message[:100]})")
    if answer.features is None:
        raise SourceFailed("its answer is not what it should be (no features)")
    if answer.exceeded_transfer_limit:
        raise SourceFailed("its answer is not whole")
    return [each.attributes for each in answer.features]
