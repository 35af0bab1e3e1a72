"""What is known of all alerts at one time: kept as one thing, so that an evaluation holds wholly or not at all."""

import threading
from datetime import datetime
from typing import Final, Literal, Protocol

import msgspec

from brightspot.core.errors import BrightspotError
from brightspot.core.kinds import DATABASE
from brightspot.operations.alerting.course import Course
from brightspot.operations.alerting.rule import Severity

MOST_CLOSED: Final = 50
MOST_PARCELS: Final = 50
_TRIES: Final = 8

Told = Literal["firing", "resolved"]


class Notice(msgspec.Struct, frozen=True):
    """That a channel was given something to tell about an alert, and when."""

    channel: str
    told: Told
    at: datetime


class Incident(msgspec.Struct, frozen=True):
    """One time that a rule's condition held. `since` is its first bad look; null times have not come.

    `value` is that of the newest look, null where nothing was told; `bound` is what it is held against.
    """

    id: str
    rule: str
    severity: Severity
    state: Literal["pending", "firing", "resolved"]
    since: datetime
    fired_at: datetime | None = None
    resolved_at: datetime | None = None
    value: float | None = None
    bound: float | None = None
    reason: str = ""
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    notices: tuple[Notice, ...] = ()


class Silence(msgspec.Struct, frozen=True):
    """No alert of a rule (null: of any) is told until a time."""

    id: str
    rule: str | None
    until: datetime
    reason: str
    by: str
    created_at: datetime

    def covers(self, rule: str, now: datetime) -> bool:
        return now < self.until and self.rule in {None, rule}


class Item(msgspec.Struct, frozen=True):
    """What a message says of one alert, as it was when the message was made."""

    id: str
    rule: str
    severity: Severity
    state: Told
    summary: str
    since: datetime
    value: float | None
    bound: float | None
    reason: str
    advice: str
    escalated: bool = False


class Parcel(msgspec.Struct, frozen=True):
    """One message for one channel that has not been taken yet: alerts of one evaluation, or an announcement."""

    id: str
    channel: str
    made_at: datetime
    subject: str
    text: str = ""
    link: str | None = None
    items: tuple[Item, ...] = ()
    tries: int = 0


class Sending(msgspec.Struct, frozen=True):
    """That somebody sends the parcels, and until when nobody else does."""

    by: str
    until: datetime


class Board(msgspec.Struct, frozen=True):
    """`minute` is the newest that was evaluated, since 1970. `closed` are resolved alerts, the newest first.

    `first` and `escalation` are the channels that whoever evaluated last has.
    """

    minute: int = 0
    evaluated_at: datetime | None = None
    courses: dict[str, Course] = {}
    unknown: dict[str, str] = {}
    active: dict[str, Incident] = {}
    closed: tuple[Incident, ...] = ()
    silences: tuple[Silence, ...] = ()
    parcels: tuple[Parcel, ...] = ()
    sending: Sending | None = None
    first: tuple[str, ...] = ()
    escalation: tuple[str, ...] = ()

    def silence_of(self, rule: str, now: datetime) -> Silence | None:
        """The silence of a rule that lasts longest."""
        covering = [each for each in self.silences if each.covers(rule, now)]
        return max(covering, key=lambda each: each.until, default=None)


class Shelf(Protocol):
    """Keeps one board. `save` succeeds only over the version that was loaded. Raises TableUnavailable."""

    def load(self) -> tuple[Board, int]: ...

    def save(self, board: Board, version: int) -> bool: ...


class BoardBusy(BrightspotError):
    """Others changed the alerts again and again; the same call may succeed later."""

    kind = DATABASE


class MemoryShelf:
    """Of one process, without a table. Safe to share between threads."""

    def __init__(self) -> None:
        self._kept = Board(), 0
        self._lock = threading.Lock()

    def load(self) -> tuple[Board, int]:
        return self._kept

    def save(self, board: Board, version: int) -> bool:
        with self._lock:
            if version != self._kept[1]:
                return False
            self._kept = board, version + 1
            return True


class Edit(Protocol):
    def __call__(self, board: Board, /) -> Board | None: ...


def change(shelf: Shelf, edit: Edit) -> Board | None:
    """The board as `edit` made it of the newest one; None when `edit` said that nothing is to change.

    `edit` is called again when somebody else was faster. Raises BoardBusy, TableUnavailable, and what `edit` raises.
    """
    for _ in range(_TRIES):
        board, version = shelf.load()
        edited = edit(board)
        if edited is None:
            return None
        if shelf.save(edited, version):
            return edited
    raise BoardBusy(f"{_TRIES} others changed the alerts at once; try again")
