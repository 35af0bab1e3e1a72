"""Who is told of which alert, and when: once for each state, again after a while, and further up when nobody reacts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from brightspot.core.ids import new_id
from brightspot.operations.alerting.board import MOST_PARCELS, Board, Incident, Item, Notice, Parcel, Told
from brightspot.operations.alerting.rule import Rule
from brightspot.operations.alerting.runbook import advice


@dataclass(frozen=True, slots=True)
class Plan:
    """Names of the channels that are told at once, of those that a page goes on to, and after which times."""

    first: tuple[str, ...] = ()
    escalation: tuple[str, ...] = ()
    repeat: timedelta = timedelta(hours=4)
    escalate_after: timedelta = timedelta(minutes=15)


def due(incident: Incident, now: datetime, plan: Plan, *, silenced: bool) -> list[tuple[str, Told]]:
    """Each channel that is to be told of an alert now, and what.

    That it fires: unless it is silenced, once, and again when that was `plan.repeat` ago. The end: once, silenced or
    not, whoever was told of the beginning.
    """
    if incident.state == "resolved":
        told = dict.fromkeys(each.channel for each in incident.notices if each.told == "firing")
        return [(each, "resolved") for each in told if _last(incident, each, "resolved") is None]
    if incident.state != "firing" or silenced:
        return []
    channels = (*plan.first, *(plan.escalation if _escalates(incident, now, plan) else ()))
    last = {each: _last(incident, each, "firing") for each in channels}
    return [(each, "firing") for each, at in last.items() if at is None or now - at >= plan.repeat]


def planned(board: Board, now: datetime, plan: Plan, rules: Mapping[str, Rule]) -> Board:
    """The board with one message for each channel that is to be told something, and a note of it at each alert."""
    items: dict[str, list[Item]] = {}

    def noted(incident: Incident) -> Incident:
        silenced = board.silence_of(incident.rule, now) is not None
        told = due(incident, now, plan, silenced=silenced)
        for channel, state in told:
            escalated = channel in plan.escalation
            items.setdefault(channel, []).append(_item(incident, state, rules, escalated=escalated))
        kept = (each for each in incident.notices if (each.channel, each.told) not in told)  # the last of each stands
        notices = (*kept, *(Notice(channel, state, now) for channel, state in told))
        return msgspec.structs.replace(incident, notices=notices) if told else incident

    active = {name: noted(each) for name, each in board.active.items()}
    closed = tuple(noted(each) for each in board.closed)
    made = [_parcel(channel, each, now) for channel, each in items.items()]
    parcels, channels = (*board.parcels, *made), {"first": plan.first, "escalation": plan.escalation}
    return msgspec.structs.replace(board, active=active, closed=closed, parcels=parcels, **channels)


def announced(board: Board, now: datetime, *, subject: str, text: str, link: str | None) -> Board:
    """The board with a message for each channel of the first list."""
    made = [Parcel(new_id(now), each, now, subject, text, link) for each in board.first]
    return msgspec.structs.replace(board, parcels=(*board.parcels, *made))


def overdue(parcels: Sequence[Parcel], now: datetime, longest: timedelta) -> set[str]:
    """Ids of messages that are given up: older than `longest`, or the oldest of too many."""
    old = {each.id for each in parcels if now - each.made_at >= longest}
    return old | {each.id for each in parcels[: max(0, len(parcels) - MOST_PARCELS)]}


def _escalates(incident: Incident, now: datetime, plan: Plan) -> bool:
    return (
        incident.severity == "page"
        and incident.acknowledged_at is None
        and incident.fired_at is not None
        and now - incident.fired_at >= plan.escalate_after
    )


def _last(incident: Incident, channel: str, told: Told) -> datetime | None:
    return max((each.at for each in incident.notices if (each.channel, each.told) == (channel, told)), default=None)


def _item(incident: Incident, state: Told, rules: Mapping[str, Rule], *, escalated: bool) -> Item:
    rule = rules.get(incident.rule)
    return Item(
        id=incident.id,
        rule=incident.rule,
        severity=incident.severity,
        state=state,
        summary=rule.summary if rule is not None else "There is no such rule any more.",
        since=incident.since,
        value=incident.value,
        bound=incident.bound,
        reason=incident.reason,
        advice=advice(rule) if rule is not None else "",
        escalated=escalated,
    )


def _parcel(channel: str, items: Iterable[Item], now: datetime) -> Parcel:
    # Of one rule the end of the last time stands before the beginning of the next.
    grouped = sorted(items, key=lambda each: (each.severity != "page", each.rule, each.state == "firing"))
    return Parcel(new_id(now), channel, now, ", ".join(_counts(grouped)), items=tuple(grouped))


def _counts(items: Sequence[Item]) -> Iterator[str]:
    for state in ("firing", "resolved"):
        for severity in ("page", "ticket"):
            names = [each.rule for each in items if (each.state, each.severity) == (state, severity)]
            if names:
                yield f"{severity} {state}: {' '.join(names)}"
