"""Answers: an analysis as the bytes that leave, kept for a day under the meaning of its question."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import msgspec

from brightspot.cache import Hit, TieredCache, shared_cache
from brightspot.core import codec
from brightspot.core.errors import InputRefused
from brightspot.core.settings import load, setting
from brightspot.locations.dataset.file import shared_dataset
from brightspot.locations.gazetteer.locate import shared_gazetteer
from brightspot.locations.model import live_sources, model_version
from brightspot.locations.request import DEFAULT_PERSONA, DEFAULT_RADIUS_MILES, AnalyzeRequest
from brightspot.resilience import Deadline
from brightspot.security import SHARED_TENANT

if TYPE_CHECKING:
    from brightspot.locations.analysis_service import AnalysisService

NAMESPACE: Final = "analysis"
CACHE_TAGS: Final = ("state:MN", "zip:55901")
_LACKS: Final = (
    b'"status":"failed","source"', b'"status":"timeout","source"', b'"way":"embedded"', b'"way":"stale_copy"',
)  # fmt: skip
_FRESH_END: Final = b'"cached":false,"cache_hit":false}'


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """How long an answer is good for, and where the analysis behind it is remembered.

    An answer is served again only where its history is: `make analyze` has none, `make dev` on the same data has.
    """

    remembered_in: str = setting("TABLE_PREFIX", "", "what every table's name begins with: the stack's name")
    cache_hours: float = setting(
        "ANALYSIS_CACHE_TTL_HOURS", 24.0, "hours an analysis is served again", least=0, most=720
    )


class _Body(msgspec.Struct, forbid_unknown_fields=True):
    address: str
    radius_miles: float | msgspec.UnsetType = msgspec.UNSET
    radius: float | msgspec.UnsetType = msgspec.UNSET
    persona: str = DEFAULT_PERSONA
    weights: dict[str, float] | None = None


def key_for(request: AnalyzeRequest, tenant: str = SHARED_TENANT) -> str:
    """The key of a question: who asks, of which model, about what, in normal form. Raises AddressError."""
    weights = sorted(request.category_weights().items())
    model, place = model_version(shared_dataset().version), _normal_form(request.address)
    asked = [place, request.radius_miles, request.persona_told, weights]
    return sha256(codec.dumps([tenant, _settings().remembered_in, model, *asked])).hexdigest()


class KeptAnalyses:
    """What the HTTP front must know to answer an analysis from the cache, before any web framework is imported."""

    namespace = NAMESPACE

    def key_of(self, body: bytes, tenant: str) -> str | None:
        """Under which key the answer to a request body is kept; None when the body is not one that can be answered."""
        try:
            return key_for(_asked(body), tenant)
        except (ValueError, InputRefused):  # msgspec's errors are ValueErrors, and so is text that is no UTF-8
            return None  # the app answers such a body, and says what is wrong with it

    def made(self, body: bytes, tenant: str, deadline: Deadline) -> bytes:
        """The answer to a request body that has a key, computed now."""
        from brightspot.locations.analysis_service import service  # noqa: PLC0415  # a cached answer scores nothing

        return codec.dumps(service().analyze(_asked(body), deadline, tenant=tenant))

    def ttl_seconds(self) -> float:
        """How long an answer is kept: no longer than any live source's word that is in it."""
        hours = _settings().cache_hours
        if live_sources():
            from brightspot.locations.analysis_service import service  # noqa: PLC0415  # here, it has just analysed

            hours = min(hours, service().fresh_hours)
        return hours * 3600

    def is_whole(self, answer: bytes) -> bool:
        """Whether every collector and live source did its part: an answer that lacks one is not kept."""
        return not any(each in answer for each in _LACKS)

    def tags_of(self, answer: bytes) -> tuple[str, ...]:
        """By what an answer can be cleared: where the address was taken to be, as `state:MN` and `zip:55901`."""
        where = msgspec.json.decode(answer, type=_Located).location
        return (f"state:{where.state}", *([f"zip:{where.zip}"] if where.zip is not None else []))

    def replayed(self, answer: bytes, hit: Hit) -> bytes:
        """A kept answer as it leaves again: the same analysis, marked as cached, with its age."""
        told = f'"cached":true,"cache_hit":true,"cache_age_seconds":{hit.age_seconds:.3f}}}'
        return answer.removesuffix(_FRESH_END) + told.encode()


class _Where(msgspec.Struct):
    state: str
    zip: str | None = None


class _Located(msgspec.Struct):
    location: _Where


def _asked(body: bytes) -> AnalyzeRequest:
    """Raises ValueError or InputRefused for a body that the app would refuse."""
    asked = msgspec.json.decode(body, type=_Body)
    given = [each for each in (asked.radius_miles, asked.radius) if each is not msgspec.UNSET]
    if len(given) > 1:
        raise ValueError("radius is an alias of radius_miles")
    return AnalyzeRequest(asked.address, given[0] if given else DEFAULT_RADIUS_MILES, asked.persona, asked.weights)


class Answers:
    """Analyses for callers in this process: from the cache when it has one, else computed and kept."""

    def __init__(self, analyses: "AnalysisService", cache: TieredCache) -> None:
        self._analyses = analyses
        self._cache = cache
        self._kept = KeptAnalyses()

    def answer(
        self,
        request: AnalyzeRequest,
        deadline: Deadline | None = None,
        *,
        tenant: str = SHARED_TENANT,
        analysis_id: str | None = None,
    ) -> bytes:
        """The body that the HTTP API would answer with. Raises AddressError."""
        key = key_for(request, tenant)
        hit, since = self._cache.get(NAMESPACE, key)
        if hit is not None:
            return self._kept.replayed(hit.value, hit)
        analysis = self._analyses.analyze(request, deadline, tenant=tenant, analysis_id=analysis_id)
        body = codec.dumps(analysis)
        if self._kept.is_whole(body):
            tags, ttl = self._kept.tags_of(body), self._kept.ttl_seconds()
            self._cache.put(NAMESPACE, key, body, ttl, since=since, tags=tags, compress=False)  # the gate says why
        return body


def is_cache_tag(text: str) -> bool:
    """Whether answers can have it as a tag, such as those of `CACHE_TAGS`."""
    return re.fullmatch(r"state:[A-Z]{2}|zip:[0-9]{5}", text) is not None


def kept_answers(keys: Sequence[str]) -> list[bytes | None]:
    """What is kept under each key, as it leaves again; all in one round trip."""
    kept = KeptAnalyses()
    hits = shared_cache().get_many(NAMESPACE, keys)
    return [None if hit is None else kept.replayed(hit.value, hit) for hit in hits]


@lru_cache(maxsize=1)
def shared_answers() -> Answers:
    """The answers of this process, wired from the environment."""
    from brightspot.locations.analysis_service import service  # noqa: PLC0415  # a cached answer scores nothing

    return Answers(service(), shared_cache())


@lru_cache(maxsize=1)
def _settings() -> AnswerSettings:
    return load(AnswerSettings)


@lru_cache(maxsize=4096)
def _normal_form(address: str) -> str:
    """Remembered, because it depends on the dataset alone, and finding it costs more than a cached answer otherwise."""
    return shared_gazetteer().locate(address).normal_form
