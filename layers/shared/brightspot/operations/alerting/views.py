"""What the API tells of alerts, rules and silences."""

from datetime import datetime
from typing import Literal

import msgspec

from brightspot.operations.alerting.board import Notice, Silence
from brightspot.operations.alerting.rule import Severity


class Alert(msgspec.Struct, frozen=True):
    """One time that a rule's condition held. Times that have not come are null, as is a value that nobody knows.

    `value` is that of the newest look, held against `bound`; `reason` says what was found. `notified` are the channels
    that were given a message of it; `silenced_until` is null while nothing keeps it from being told.
    """

    id: str
    rule: str
    severity: Severity
    state: Literal["pending", "firing", "resolved"]
    summary: str
    since: datetime
    fired_at: datetime | None
    resolved_at: datetime | None
    value: float | None
    bound: float | None
    reason: str
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    silenced_until: datetime | None
    notified: list[Notice]


class AlertCounts(msgspec.Struct, frozen=True):
    """Alerts by state, and of those that are not resolved how many are silenced; rules that nobody can look at."""

    firing: int
    pending: int
    resolved: int
    silenced: int
    unknown_rules: int


class AlertReport(msgspec.Struct, frozen=True):
    """`evaluated_at` is null until somebody evaluates; `waiting` are messages that no channel has taken yet."""

    evaluated_at: datetime | None
    counts: AlertCounts
    waiting: int
    channels: list[str]
    alerts: list[Alert]
    recommendations: list[str]


class AlertRule(msgspec.Struct, frozen=True):
    """A rule, and its state; `reason` says why nobody knows that. `advice` is what to do first when it fires."""

    name: str
    severity: Severity
    summary: str
    condition: str
    state: Literal["inactive", "pending", "firing", "unknown"]
    reason: str | None
    silenced_until: datetime | None
    advice: str


class AlertRules(msgspec.Struct, frozen=True):
    """Every rule, in the order of their declaration."""

    count: int
    rules: list[AlertRule]


class AlertSilences(msgspec.Struct, frozen=True):
    """Every silence that is not over, the one that lasts longest first."""

    count: int
    silences: list[Silence]


class SilenceEnded(msgspec.Struct, frozen=True):
    """The silence that ended before its time."""

    ended: str
