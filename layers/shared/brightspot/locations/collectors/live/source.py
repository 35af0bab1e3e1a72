"""What a live source is made of: a question about a site, a reader of the answer, and what it tells."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import msgspec

from brightspot.locations.collectors.live.errors import SourceFailed
from brightspot.locations.collectors.live.facts import Facts
from brightspot.locations.collectors.seam import Site
from brightspot.locations.dataset.catchment import Catchments
from brightspot.locations.dataset.file import Dataset


@dataclass(frozen=True, slots=True)
class Request:
    """A question to a provider: `path` below its URL; with `form` or `json` it is a POST that only reads.

    The key is no part of it: the call adds that.
    """

    path: str
    query: Mapping[str, str] | None = None
    form: Mapping[str, str] | None = None
    json: Any = None

    @property
    def method(self) -> Literal["GET", "POST"]:
        return "GET" if self.form is None and self.json is None else "POST"


class Found(msgspec.Struct, frozen=True, omit_defaults=True):
    """One value of one point, as a live source tells it; `reason` says why it is None.

    `vintage` is what the value is of (a year, a time); `label` is its name where the value is a code.
    """

    point: str
    value: float | None
    vintage: str = ""
    level: Literal["site", "zip", "county", "metro", "state"] = "site"
    kind: Literal["observed", "estimated", "derived"] = "observed"
    bound: Literal["at_least", "at_most"] | None = None
    label: str | None = None
    reason: str | None = None


class Ask(Protocol):
    """Asks the provider one more question, under the same limits and deadline. Raises SourceFailed.

    `first` is the question that the answer in hand is to.
    """

    @property
    def first(self) -> Request: ...

    def __call__(self, request: Request) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Embedded:
    """The embedded data, for a source that needs them to say something."""

    dataset: Dataset
    catchments: Catchments


@dataclass(frozen=True, slots=True)
class LiveSource[T]:
    """One public service.

    `query` makes the question about a site, or raises SourceSilent when it has none. `read` turns the answer's bytes
    into a `T`, which is what the cache keeps (`kept` is its type, for msgspec), or raises SourceFailed or SourceSilent;
    it must depend on nothing but the question and the answers, since sites with the same question share them. `found`
    says what a `T` means for the site.
    """

    facts: Facts
    kept: Any
    query: Callable[[Site], Request]
    read: Callable[[bytes, Ask], T]
    found: Callable[[T, Site, Embedded], Sequence[Found]]


def as_read(found: list[Found], site: Site, embedded: Embedded) -> Sequence[Found]:  # noqa: ARG001  # a `found`
    """For a source whose `read` already gives what is found."""
    return found


def decoded[T](body: bytes, kind: type[T]) -> T:
    """The answer as `kind`, in which fields that nobody asked for are ignored. Raises SourceFailed."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise SourceFailed(f"its answer is not what it should be ({error})") from error
