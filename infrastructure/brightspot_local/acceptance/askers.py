"""Who is asked: the library in this process, or a server."""

import time
from dataclasses import dataclass
from typing import Protocol

import msgspec

from brightspot import locations
from brightspot.core.errors import BrightspotError, InputRefused
from brightspot_local.remote import Remote, RemoteUnusable

_OK = 200


@dataclass(frozen=True, slots=True)
class Told:
    """An analysis and how long it took, or why there is none."""

    ms: float
    analysis: locations.Analysis | None
    reason: str | None = None


class Asker(Protocol):
    """`where` says who is asked."""

    @property
    def where(self) -> str: ...

    def ask(self, address: str) -> Told: ...


class InProcess:
    """The library, as the environment sets it up, without its cache: every answer is made anew."""

    where = "this process"

    def ask(self, address: str) -> Told:
        """Whatever goes wrong with one address is told."""
        started = time.perf_counter()
        try:
            analysis = locations.service().analyze(locations.AnalyzeRequest(address))
        except InputRefused as refused:
            return Told(_ms_since(started), None, refused.detail)
        except BrightspotError as error:
            return Told(_ms_since(started), None, str(error))
        return Told(_ms_since(started), analysis)


class Server:
    """A server, which may answer from its cache."""

    def __init__(self, remote: Remote) -> None:
        self._remote = remote
        self.where = remote.url

    def ask(self, address: str) -> Told:
        """As in this process. Raises RemoteUnusable when there is no server to ask."""
        reply = self._remote.post("/api/v1/analyze", {"address": address})
        if reply.status != _OK:
            return Told(reply.ms, None, reply.problem)
        try:
            return Told(reply.ms, msgspec.convert(reply.json, locations.Analysis))
        except msgspec.ValidationError as error:
            raise RemoteUnusable(f"{self.where} answers in another shape: {error}") from error


def _ms_since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
