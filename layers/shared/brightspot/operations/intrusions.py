"""Security monitoring: suspicious clients, what is held back, and one score for the whole; blocks listed and lifted."""

import logging
from math import ceil
from typing import Final

from brightspot.core.clock import rfc3339
from brightspot.core.errors import NotFound
from brightspot.intrusion import (
    ALERT_BELOW,
    SIGNALS,
    Scene,
    SecurityScore,
    Suspect,
    Watch,
    lift,
    scene,
    security_score,
    shared_watch,
)
from brightspot.operations.intrusion_shapes import (
    Block,
    Blocks,
    DynamicLimit,
    FailedLogins,
    Kind,
    ScoreReason,
    SecurityMonitoring,
    SuspiciousClient,
    Unblocked,
)
from brightspot.telemetry import SECURITY_SCORE, gauge
from brightspot.valkey import StoreUnavailable

MOST_TOLD: Final = 20
_NO_STORE: Final = "there is no shared store, or intrusion detection is off: nothing is scored"
_log = logging.getLogger(__name__)


def security_monitoring(watch: Watch | None = None) -> SecurityMonitoring:
    """What is known now; the score is told as `SecurityScore` too. With the store away it says that nobody knows."""
    chosen = watch or shared_watch()
    try:
        seen = _scene(chosen)
    except StoreUnavailable as error:
        return _unknown(chosen, str(error))
    if seen is None:
        return _unknown(chosen, _NO_STORE)
    score = _score(chosen, seen)
    gauge(SECURITY_SCORE, score.score)
    addresses = _of(seen, "address")
    return SecurityMonitoring(
        at=rfc3339(seen.at),
        window_seconds=chosen.settings.window,
        security_score=score.score,
        alert_below=ALERT_BELOW,
        alert=score.alert,
        reasons=[ScoreReason(each.cause, each.amount, each.points, each.text) for each in score.reasons],
        signals={name: seen.amounts.get(name, 0) for name in SIGNALS},
        failed_logins=_failed_logins(chosen, seen),
        addresses=_clients(addresses),
        accounts=_clients(_of(seen, "account")),
        dynamic_limits=[DynamicLimit(each.name.client or "", each.divisor) for each in addresses if each.divisor > 1],
        blocks=_blocks(seen),
        recommendations=list(dict.fromkeys(each.advice for each in score.reasons)),
    )


def security_blocks(watch: Watch | None = None) -> Blocks:
    """Every block there is. Raises StoreUnavailable when they cannot be read; without a store there is none."""
    seen = _scene(watch or shared_watch())
    return Blocks(0, []) if seen is None else _blocks(seen)


def lift_block(client: str, watch: Watch | None = None) -> Unblocked:
    """Let an address or an account start anew, for every instance.

    Raises NotFound when it is neither blocked nor scored, StoreUnavailable when the others cannot be told.
    """
    valkey = (watch or shared_watch()).valkey
    if valkey is None:
        raise NotFound(f"{client[:60]!r} is not blocked: {_NO_STORE}")
    return Unblocked(client, [each.text for each in lift(valkey, client)])


def probe_security(watch: Watch | None = None) -> None:
    """Tell the score as a figure, and as an event when it is too low; nothing while nobody can say."""
    chosen = watch or shared_watch()
    try:
        seen = _scene(chosen)
    except StoreUnavailable:
        return
    if seen is None:
        return
    score = _score(chosen, seen)
    gauge(SECURITY_SCORE, score.score)
    if score.alert:
        told = {"score": score.score, "reasons": [f"{each.text}: {each.points:g}" for each in score.reasons]}
        _log.warning("security_score_low", extra=told)


def _scene(watch: Watch) -> Scene | None:
    return None if watch.valkey is None else scene(watch, watch.valkey)


def _score(watch: Watch, seen: Scene) -> SecurityScore:
    held = {
        "blocked_addresses": len(seen.blocked("address")),
        "blocked_pairs": len(seen.blocked("pair")),
        "attacked_accounts": len(_attacked(watch, seen)),
    }
    return security_score({**seen.amounts, **held}, watch.settings.window)


def _failed_logins(watch: Watch, seen: Scene) -> FailedLogins:
    failed = {each.name.account or "": each.amounts.get("failed_login", 0) for each in _of(seen, "account")}
    most = sorted(((name, times) for name, times in failed.items() if times), key=lambda each: -each[1])
    return FailedLogins(seen.amounts.get("failed_login", 0), dict(most[:MOST_TOLD]), _attacked(watch, seen))


def _attacked(watch: Watch, seen: Scene) -> list[str]:
    tries = watch.settings.account_tries
    accounts = _of(seen, "account")
    return [each.name.account or "" for each in accounts if each.amounts.get("failed_login", 0) >= tries]


def _of(seen: Scene, kind: Kind) -> list[Suspect]:
    return [each for each in seen.suspects if each.name.kind == kind]


def _blocks(seen: Scene) -> Blocks:
    found = [_block(each, seen.at) for each in seen.blocked("address", "pair")]
    return Blocks(len(found), found)


def _block(suspect: Suspect, now: float) -> Block:
    until = suspect.blocked_until or now
    name = suspect.name
    left = max(0, ceil(until - now))
    return Block(name.kind, name.client, name.account, rfc3339(until), left, suspect.blocks, suspect.amounts)


def _clients(suspects: list[Suspect]) -> list[SuspiciousClient]:
    """Those that score or are blocked, the highest scores first."""
    worth = [each for each in suspects if each.score or each.blocked_until is not None]
    return [_client(each) for each in worth[:MOST_TOLD]]


def _client(suspect: Suspect) -> SuspiciousClient:
    name = suspect.name
    return SuspiciousClient(
        kind=name.kind,
        client=name.client,
        account=name.account,
        score=suspect.score,
        points=suspect.points,
        signals=suspect.amounts,
        blocks=suspect.blocks,
        blocked_until=None if suspect.blocked_until is None else rfc3339(suspect.blocked_until),
        last_seen_at=None if suspect.last_seen_at is None else rfc3339(suspect.last_seen_at),
        rate_limit_divisor=suspect.divisor,
    )


def _unknown(watch: Watch, reason: str) -> SecurityMonitoring:
    return SecurityMonitoring(
        at=None,
        window_seconds=watch.settings.window,
        security_score=None,
        alert_below=ALERT_BELOW,
        alert=None,
        reasons=[],
        signals=None,
        failed_logins=None,
        addresses=[],
        accounts=[],
        dynamic_limits=[],
        blocks=None,
        recommendations=[],
        reason=reason,
    )
