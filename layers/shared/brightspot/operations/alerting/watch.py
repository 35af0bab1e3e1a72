"""The watch of each minute: looks at every rule, keeps what was found, and has those told who are to be told."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

import msgspec

from brightspot.core.clock import Clock, SystemClock
from brightspot.core.ids import new_id
from brightspot.core.settings import load
from brightspot.core.snapshots import before_snapshot
from brightspot.operations.alerting.board import Board, Sending, Shelf, change
from brightspot.operations.alerting.channels import AlertSettings, Channel, channels_of, plan_of
from brightspot.operations.alerting.deliver import Outcome, deliver
from brightspot.operations.alerting.evaluate import evaluated
from brightspot.operations.alerting.looks import Look, Measured, Objectives, Unknown, look, unseen
from brightspot.operations.alerting.plan import Plan, overdue, planned
from brightspot.operations.alerting.rule import Rule
from brightspot.operations.alerting.rules import RULES
from brightspot.operations.alerting.shelves import shared_shelf
from brightspot.operations.sla import Promises
from brightspot.resilience import Deadline
from brightspot.store import StoreSettings, TableUnavailable
from brightspot.telemetry import ALERT_NOTIFICATIONS, ALERTS_FIRING, count, gauge, shared_ledger
from brightspot.valkey import StoreUnavailable

LATE_SECONDS: Final = 5  # figures of a minute may still be on their way
_GIVEN_UP: Final = timedelta(hours=6)
_MARGIN_SECONDS: Final = 10
_AWAY: Final = "what keeps the figures is away"
_log = logging.getLogger(__name__)


class AlertWatch:
    """Several at once, and one called twice, do what one does: the board changes under a condition."""

    def __init__(
        self,
        shelf: Shelf,
        measured: Measured,
        clock: Clock,
        *,
        plan: Plan,
        channels: Mapping[str, Channel],
        rules: Sequence[Rule] = RULES,
        objectives: Callable[[], Objectives] | None = None,
    ) -> None:
        """`objectives` makes, for each evaluation, what tallies error budgets; without, their rules are unknown."""
        self._shelf = shelf
        self._measured = measured
        self._clock = clock
        self._plan = plan
        self._channels = channels
        self._rules = rules
        self._objectives = objectives

    def evaluate(self, deadline: Deadline) -> Mapping[str, Any]:
        """Look at the minutes that are over, unless that was done; how many alerts fire, and what was sent.

        Raises TableUnavailable and BoardBusy: nothing changed then, and nobody was told.
        """
        now = self._clock.now()
        minute = (int(now.timestamp()) - LATE_SECONDS) // 60
        mine = Sending(new_id(now), now + timedelta(seconds=deadline.remaining() + _MARGIN_SECONDS))
        found: dict[tuple[str, int], Look | Unknown] = {}
        objectives = None if self._objectives is None else self._objectives()

        def looking(rule: Rule, number: int) -> Look | Unknown:
            if (rule.name, number) not in found:
                found[rule.name, number] = self._look(rule, number, objectives)
            return found[rule.name, number]

        def edit(board: Board) -> Board | None:
            after = evaluated(board, minute, now, self._rules, looking)
            return None if after is None else _claimed(self._planned(after, now), now, mine)

        board = change(self._shelf, edit)
        if board is None:
            return {"evaluated": False}
        firing = [each.severity for each in board.active.values() if each.state == "firing"]
        for severity in ("page", "ticket"):
            gauge(ALERTS_FIRING, firing.count(severity), severity=severity)
        sent = self._send(board, now, deadline) if board.sending == mine else 0
        return {"evaluated": True, "firing": len(firing), "sent": sent}

    def _look(self, rule: Rule, number: int, objectives: Objectives | None) -> Look | Unknown:
        try:
            return look(rule, number, self._measured, objectives)
        except (StoreUnavailable, TableUnavailable) as error:
            _log.warning("alert_rule_not_looked_at", extra={"rule": rule.name, "reason": str(error)})
            return unseen(rule, number, _AWAY) if rule.unseen == "fault" else Unknown(_AWAY)

    def _planned(self, board: Board, now: datetime) -> Board:
        return planned(board, now, self._plan, {each.name: each for each in self._rules})

    def _send(self, board: Board, now: datetime, deadline: Deadline) -> int:
        """Send what waits, and take off the board what was sent or is given up; how many messages were sent."""
        told: dict[str, Outcome] = {}
        try:
            deliver(board.parcels, self._channels, deadline, told)
        finally:
            waiting = [each for each in board.parcels if told.get(each.id) != "sent"]
            given_up = overdue(waiting, now, _GIVEN_UP)
            for each in waiting:
                if each.id in given_up:
                    _log.error("alert_given_up", extra={"channel": each.channel, "subject": each.subject})
                    count(ALERT_NOTIFICATIONS, channel=each.channel, outcome="dropped")
            change(self._shelf, lambda newest: _settled(newest, told, given_up, board.sending))
        return sum(each == "sent" for each in told.values())


def _claimed(board: Board, now: datetime, mine: Sending) -> Board:
    """With the sending of its messages promised, unless somebody is at it or there are none."""
    if not board.parcels or (board.sending is not None and board.sending.until > now):
        return board
    return msgspec.structs.replace(board, sending=mine)


def _settled(board: Board, told: Mapping[str, Outcome], given_up: Collection[str], mine: Sending | None) -> Board:
    left = tuple(
        msgspec.structs.replace(each, tries=each.tries + (each.id in told))
        for each in board.parcels
        if told.get(each.id) != "sent" and each.id not in given_up
    )
    return msgspec.structs.replace(board, parcels=left, sending=None if board.sending == mine else board.sending)


@before_snapshot
@lru_cache(maxsize=1)
def shared_watch() -> AlertWatch:
    """The one of this process, as the environment has it. Raises SettingsError."""
    settings, store = load(AlertSettings), load(StoreSettings)
    channels = channels_of(settings, store)
    return AlertWatch(
        shared_shelf(), shared_ledger(), SystemClock(), plan=plan_of(settings), channels=channels, objectives=Promises
    )


def watch_alerts(deadline: Deadline) -> Mapping[str, Any]:
    """The scheduled task: evaluate once."""
    return shared_watch().evaluate(deadline)
