"""Alerts seen, acknowledged and silenced by hand, and messages of others over the same channels."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from brightspot.core.clock import Clock, SystemClock
from brightspot.core.errors import InputRefused, NotFound
from brightspot.core.ids import new_id
from brightspot.operations.alerting.board import Board, Incident, MemoryShelf, Shelf, Silence, change
from brightspot.operations.alerting.plan import announced
from brightspot.operations.alerting.rule import Rule
from brightspot.operations.alerting.rules import RULES
from brightspot.operations.alerting.runbook import advice
from brightspot.operations.alerting.shelves import shared_shelf
from brightspot.operations.alerting.views import (
    Alert,
    AlertCounts,
    AlertReport,
    AlertRule,
    AlertRules,
    AlertSilences,
    SilenceEnded,
)
from brightspot.operations.alerting.wording import worded

AlertState = Literal["pending", "firing", "resolved"]
MOST_SILENCE_MINUTES: Final = 30 * 24 * 60
_MOST_SILENCES: Final = 50
_LONGEST_TEXT: Final = 200
_STALE: Final = timedelta(minutes=5)


class AlertDesk:
    """Over one board. Raises TableUnavailable; what changes something also BoardBusy."""

    def __init__(self, shelf: Shelf, clock: Clock, rules: Sequence[Rule] = RULES) -> None:
        self._shelf = shelf
        self._clock = clock
        self._rules = {each.name: each for each in rules}

    def report(self, state: AlertState | None = None) -> AlertReport:
        """Alerts that are pending, fire, or fired lately (the last 50), those that fire first; or of one state."""
        board, now = self._shelf.load()[0], self._clock.now()
        every = [*board.active.values(), *board.closed]
        states = [each.state for each in every]
        order = {"firing": 0, "pending": 1, "resolved": 2}
        chosen = sorted((each for each in every if state in {None, each.state}), key=lambda each: order[each.state])
        silenced = sum(board.silence_of(each.rule, now) is not None for each in board.active.values())
        return AlertReport(
            evaluated_at=board.evaluated_at,
            counts=AlertCounts(
                states.count("firing"), states.count("pending"), states.count("resolved"), silenced, len(board.unknown)
            ),
            waiting=len(board.parcels),
            channels=[*board.first, *board.escalation],
            alerts=[self._alert(each, board, now) for each in chosen],
            recommendations=list(self._advice(board, now)),
        )

    def rules(self) -> AlertRules:
        """Every rule with its state."""
        board, now = self._shelf.load()[0], self._clock.now()
        told = [self._rule(each, board, now) for each in self._rules.values()]
        return AlertRules(len(told), told)

    def silences(self) -> AlertSilences:
        """Those that are not over."""
        now = self._clock.now()
        found = [each for each in self._shelf.load()[0].silences if each.until > now]
        return AlertSilences(len(found), sorted(found, key=lambda each: each.until, reverse=True))

    def silence(self, rule: str | None, minutes: int, reason: str, by: str) -> Silence:
        """Let nobody be told that a rule (None: any) fires, from now on. Raises InputRefused."""
        if rule is not None and rule not in self._rules:
            raise InputRefused("rule", "send the name of a rule; GET /api/v1/monitoring/alerts/rules lists them")
        if not 1 <= minutes <= MOST_SILENCE_MINUTES:
            raise InputRefused("minutes", f"send 1 to {MOST_SILENCE_MINUTES:,}")
        if not reason.strip() or len(reason) > _LONGEST_TEXT or not reason.isprintable():
            raise InputRefused("reason", f"send one line of at most {_LONGEST_TEXT} characters")
        now = self._clock.now()
        made = Silence(new_id(now), rule, now + timedelta(minutes=minutes), reason, by, now)

        def edit(board: Board) -> Board:
            kept = tuple(each for each in board.silences if each.until > now)
            if len(kept) >= _MOST_SILENCES:
                raise InputRefused(
                    "rule", f"there are {_MOST_SILENCES} silences already; end one, or silence all rules"
                )
            return msgspec.structs.replace(board, silences=(*kept, made))

        change(self._shelf, edit)
        return made

    def end_silence(self, silence_id: str) -> SilenceEnded:
        """Let alerts be told again. Raises NotFound."""

        def edit(board: Board) -> Board:
            left = tuple(each for each in board.silences if each.id != silence_id)
            if len(left) == len(board.silences):
                raise NotFound("there is no such silence; GET /api/v1/monitoring/alerts/silences lists them")
            return msgspec.structs.replace(board, silences=left)

        change(self._shelf, edit)
        return SilenceEnded(silence_id)

    def acknowledge(self, alert_id: str, by: str) -> Alert:
        """Somebody looks into it: it goes no further up. The first who says so stands. Raises NotFound."""
        now = self._clock.now()

        def edit(board: Board) -> Board:
            found = _active(board, alert_id)
            if found.acknowledged_at is not None:
                return board
            known = msgspec.structs.replace(found, acknowledged_at=now, acknowledged_by=by)
            return msgspec.structs.replace(board, active={**board.active, found.rule: known})

        board = change(self._shelf, edit) or self._shelf.load()[0]
        return self._alert(_active(board, alert_id), board, now)

    def announce(self, subject: str, text: str, link: str | None = None) -> int:
        """Have a message sent to each channel of the first list within a minute or so; to how many.

        0 where no channel is set, and before the first evaluation.
        """
        now = self._clock.now()

        def edit(board: Board) -> Board | None:
            return announced(board, now, subject=subject, text=text, link=link) if board.first else None

        board = change(self._shelf, edit)
        return 0 if board is None else len(board.first)

    def _alert(self, incident: Incident, board: Board, now: datetime) -> Alert:
        rule = self._rules.get(incident.rule)
        silence = board.silence_of(incident.rule, now) if incident.state != "resolved" else None
        return Alert(
            summary=rule.summary if rule is not None else "There is no such rule any more.",
            silenced_until=silence.until if silence is not None else None,
            notified=list(incident.notices),
            **{name: getattr(incident, name) for name in Alert.__struct_fields__ if hasattr(incident, name)},
        )

    def _rule(self, rule: Rule, board: Board, now: datetime) -> AlertRule:
        incident, unknown = board.active.get(rule.name), board.unknown.get(rule.name)
        if board.evaluated_at is None:
            unknown = unknown or "nobody has evaluated it yet"
        state = incident.state if incident is not None else "inactive"
        silence = board.silence_of(rule.name, now)
        return AlertRule(
            name=rule.name,
            severity=rule.severity,
            summary=rule.summary,
            condition=worded(rule),
            state="unknown" if unknown is not None and state != "firing" else state,  # type: ignore[arg-type]  # active
            reason=unknown,
            silenced_until=silence.until if silence is not None else None,
            advice=advice(rule),
        )

    def _advice(self, board: Board, now: datetime) -> Iterator[str]:
        if board.evaluated_at is None or now - board.evaluated_at > _STALE:
            when = f"since {board.evaluated_at:%Y-%m-%d %H:%M} UTC" if board.evaluated_at is not None else "yet"
            yield f"nobody has evaluated the rules {when}: look at the function alert-watch"
        for each in board.active.values():
            if each.state == "firing" and each.rule in self._rules:
                yield f"{each.rule}: {advice(self._rules[each.rule])}"
        for name in sorted({each.channel for each in board.parcels if each.tries}):
            yield f"the channel {name} did not take what it was sent; the event alert_not_told says why"


def _active(board: Board, alert_id: str) -> Incident:
    for each in board.active.values():
        if each.id == alert_id:
            return each
    raise NotFound("no alert with this id is pending or fires; GET /api/v1/monitoring/alerts lists them")


def alert_desk() -> AlertDesk:
    """Over the board that the environment names."""
    return AlertDesk(shared_shelf(), SystemClock())


def declared_rules() -> list[AlertRule]:
    """Every rule there is, as nobody has looked yet."""
    return AlertDesk(MemoryShelf(), SystemClock()).rules().rules


def announce(subject: str, text: str, link: str | None = None) -> int:
    """As `AlertDesk.announce`."""
    return alert_desk().announce(subject, text, link)
