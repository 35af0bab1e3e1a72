"""What is known about a provider: its terms, its limits and how this system behaves towards it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from brightspot import VERSION
from brightspot.locations.model import namespace_of
from brightspot.ratelimit import Limit

_PURPOSE = "child-care site analysis"


@dataclass(frozen=True, slots=True)
class Facts:
    """A provider as declared by its source; docs/live-sources.md is made from these.

    `id` names the source in settings, caches, breakers and logs. `gives` maps each point that it can tell to the
    point's unit. `licence` and `credit` go into the answer's `sources`; `terms` says what an operator must mind.
    `limits` are counted over all instances. `timeout_seconds` is for everything that one analysis asks of the source,
    waits and retries included. A copy is served for `fresh_hours`, and for `stale_hours` more when the source fails.
    `key_parameter` is the query parameter that carries the key, '' when the provider wants none; with `key_optional`
    it is asked without one too. `media` are parts of the media types it may answer in. `silent` are HTTP statuses by
    which it says that it knows nothing of a site, and what that means. `browser_like` is for providers that refuse
    agents without "Mozilla".
    """

    id: str
    name: str
    licence: str
    credit: str
    terms: str
    url: str
    gives: Mapping[str, str]
    limits: tuple[Limit, ...]
    timeout_seconds: float = 8.0
    fresh_hours: float = 24.0
    stale_hours: float = 168.0
    key_parameter: str = ""
    key_optional: bool = False
    media: tuple[str, ...] = ("json",)
    silent: Mapping[int, str] = field(default_factory=dict)
    browser_like: bool = False

    @property
    def namespace(self) -> str:
        """Where the cache keeps its copies."""
        return namespace_of(self.id)

    @property
    def needs_key(self) -> bool:
        """Whether it is never asked without a key."""
        return bool(self.key_parameter) and not self.key_optional

    @property
    def variable(self) -> str:
        """What its settings begin with."""
        return f"LIVE_{self.id.upper()}"

    def user_agent(self, contact: str) -> str:
        """Who is asking, and how a provider reaches them."""
        said = f"Brightspot/{VERSION} ({contact or _PURPOSE})"
        return f"Mozilla/5.0 (compatible; {said})" if self.browser_like else said
