"""What is known of suspicious clients, over all instances, and how a block is lifted."""

from ipaddress import ip_network
from typing import Any, Final, NamedTuple

from brightspot.core.errors import NotFound
from brightspot.intrusion.names import ALL, BLOCKED, SCORED, Kind, Name, account, address, read
from brightspot.intrusion.rules import MOST_LISTED
from brightspot.intrusion.signals import amounts_in, points
from brightspot.intrusion.watch import Watch
from brightspot.valkey import Answer, Trip, Valkey

_MICRO: Final = 1_000_000


class Suspect(NamedTuple):
    """One subject: what it did in its window, what each signal adds to its score, and what is done about it.

    `blocks` are its blocks so far, but for those that are forgotten. Times are Unix seconds; `blocked_until` is None
    for one that is not blocked. `divisor` is what its rate limit is divided by.
    """

    name: Name
    score: int
    points: dict[str, int]
    amounts: dict[str, int]
    blocks: int
    blocked_until: float | None
    last_seen_at: float | None
    divisor: int


class Scene(NamedTuple):
    """All subjects that did something in their window or are blocked now, and what all clients did in theirs."""

    at: float
    suspects: list[Suspect]
    amounts: dict[str, int]

    def blocked(self, *kinds: Kind) -> list[Suspect]:
        """Those that are blocked, longest first."""
        found = [each for each in self.suspects if each.blocked_until is not None and each.name.kind in kinds]
        return sorted(found, key=lambda each: -(each.blocked_until or 0))


def scene(watch: Watch, valkey: Valkey) -> Scene:
    """Two round trips, of which the second asks of each subject in the indexes. Raises StoreUnavailable."""
    trip = valkey.trip()
    clock = trip.add("TIME")
    indexes = [trip.add("ZRANGE", index, 0, MOST_LISTED - 1, "REV", "WITHSCORES") for index in (SCORED, BLOCKED)]
    everybody = trip.add("HMGET", ALL, "window")
    trip.run()
    now = int(clock.value[0]) * _MICRO + int(clock.value[1])
    seen, blocked = (_members(each.value) for each in indexes)
    names = [read(text) for text in dict.fromkeys([*seen, *blocked])]
    trip = valkey.trip()
    asked = [(name, _ask(trip, name)) for name in names]
    trip.run()
    found = [_suspect(watch, name, answers, seen.get(name.text), now) for name, answers in asked]
    told = [each for each in found if each.amounts or each.blocked_until is not None]
    told.sort(key=lambda each: (-each.score, each.name.text))
    amounts = amounts_in(everybody.value[0] or b"", now // watch.rules.all.width)
    return Scene(now / _MICRO, told, amounts)


def lift(valkey: Valkey, client: str) -> list[Name]:
    """Let an address, or an account, start anew: its blocks end and its scores are forgotten, here and everywhere.

    Of an address, also at single accounts; of an account, also at single addresses. What went. Raises NotFound when
    there is nothing of it, and StoreUnavailable.
    """
    wanted = _subject(client)
    trip = valkey.trip()
    indexes = [trip.add("ZRANGE", index, 0, -1) for index in (SCORED, BLOCKED)]
    trip.run()
    listed = [read(each.decode()) for index in indexes for each in index.value]
    names = [*dict.fromkeys([wanted, *(name for name in listed if _is_of(name, wanted))])]
    trip = valkey.trip()
    gone = [trip.add("DEL", *name.keys) for name in names]
    for index in (SCORED, BLOCKED):
        trip.add("ZREM", index, *(name.text for name in names))
    trip.run()
    lifted = [name for name, answer in zip(names, gone, strict=True) if answer.value]
    if not lifted:
        raise NotFound(f"{client[:60]!r} is neither blocked nor scored now")
    return lifted


def _subject(client: str) -> Name:
    try:
        network = ip_network(client.strip(), strict=False)
    except ValueError:
        return account(client)
    return address(str(network.network_address))


def _is_of(name: Name, wanted: Name) -> bool:
    return name.client == wanted.client if wanted.client is not None else name.account == wanted.account


def _members(told: list[bytes]) -> dict[str, float]:
    """A sorted set as RESP2 has it: member, score, member, score."""
    return {name.decode(): float(score) for name, score in zip(told[::2], told[1::2], strict=True)}


def _ask(trip: Trip, name: Name) -> tuple[Answer, Answer]:
    state, *marks = name.keys
    return trip.add("HMGET", state, "window", "blocks", "until"), trip.add("MGET", *marks)


def _suspect(watch: Watch, name: Name, answers: tuple[Answer, Answer], seen: float | None, now: int) -> Suspect:
    (window, blocks, until), (block, half, quarter) = (each.value for each in answers)
    rule = watch.rules.of(name.kind)
    amounts = amounts_in(window or b"", now // rule.width)
    adds = points(amounts, rule.shown)
    return Suspect(
        name=name,
        score=sum(adds.values()),
        points=adds,
        amounts=amounts,
        blocks=_remembered(blocks, until, rule.forget, now),
        blocked_until=None if block is None else int(block) / _MICRO,
        last_seen_at=None if seen is None else seen / _MICRO,
        divisor=4 if quarter else 2 if half else 1,
    )


def _remembered(blocks: Any, until: Any, forget: int, now: int) -> int:
    if blocks is None or until is None:
        return 0
    past = max(0, now - int(until)) // (forget * _MICRO)
    return max(0, int(blocks) - past)
