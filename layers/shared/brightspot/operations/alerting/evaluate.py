"""One evaluation: the looks that are due make the next board of this one. Pure but for the looks."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

import msgspec

from brightspot.core.ids import new_id
from brightspot.operations.alerting.board import MOST_CLOSED, Board, Incident
from brightspot.operations.alerting.course import Course, step
from brightspot.operations.alerting.looks import Look, Unknown, bound_of, minutes_of
from brightspot.operations.alerting.rule import Rule

Looking = Callable[[Rule, int], Look | Unknown]


def evaluated(board: Board, minute: int, now: datetime, rules: Sequence[Rule], looking: Looking) -> Board | None:
    """The board once all minutes before `minute` (since 1970) were looked at; None when that was done before."""
    if minute <= board.minute:
        return None
    silences = tuple(each for each in board.silences if each.until > now)
    next_board = msgspec.structs.replace(board, minute=minute, evaluated_at=now, silences=silences)
    next_board = _known(next_board, rules, now)
    for rule in rules:
        next_board = _looked(next_board, rule, minute, now, looking)
    return next_board


def _known(board: Board, rules: Iterable[Rule], now: datetime) -> Board:
    """Without what is left of rules that there are no more: an alert of theirs is over."""
    names = {each.name for each in rules}
    gone = [each for name, each in board.active.items() if name not in names]
    for each in gone:
        board = _closed(board, each, now, "there is no such rule any more")
    return msgspec.structs.replace(
        board,
        courses={name: each for name, each in board.courses.items() if name in names},
        unknown={name: each for name, each in board.unknown.items() if name in names},
    )


def _looked(board: Board, rule: Rule, minute: int, now: datetime, looking: Looking) -> Board:
    newest = minute // minutes_of(rule)
    course = board.courses.get(rule.name, Course())
    # Before its first look nobody saw to it that anything is told; after a gap what can be looked at still counts.
    first = newest if course.newest < 0 else max(course.newest + 1, newest - rule.looks + 1)
    for number in range(first, newest + 1):
        found = looking(rule, number)
        if isinstance(found, Unknown):
            return _set(board, rule, course, found.reason)
        board, course = _taken(board, rule, course, found, now)
    return _set(board, rule, course, None if first <= newest else board.unknown.get(rule.name))


def _set(board: Board, rule: Rule, course: Course, reason: str | None) -> Board:
    unknown = {name: each for name, each in board.unknown.items() if name != rule.name}
    if reason is not None:
        unknown[rule.name] = reason
    courses = {**board.courses, rule.name: course} if course.looks else board.courses
    return msgspec.structs.replace(board, courses=courses, unknown=unknown)


def _taken(board: Board, rule: Rule, course: Course, found: Look, now: datetime) -> tuple[Board, Course]:
    """The board after one look, and the rule's course."""
    course, changed = step(course, rule, found.number, bad=found.bad)
    active = board.active.get(rule.name)
    if active is not None and changed == "resolved":
        board, active = _closed(board, active, now, found.reason, found.value), None
    if course.state == "inactive":
        return _with(board, rule.name, None), course
    if active is None:
        since = datetime.fromtimestamp((found.number - 1) * minutes_of(rule) * 60, UTC)
        active = Incident(new_id(now), rule.name, rule.severity, "pending", since, bound=bound_of(rule))
    fired_at = now if changed == "fired" else active.fired_at
    changes = {"state": course.state, "value": found.value, "reason": found.reason, "fired_at": fired_at}
    return _with(board, rule.name, msgspec.structs.replace(active, **changes)), course


def _closed(board: Board, incident: Incident, now: datetime, reason: str, value: float | None = None) -> Board:
    """Without an active alert; one that fired is remembered."""
    board = _with(board, incident.rule, None)
    if incident.state != "firing":
        return board
    over = msgspec.structs.replace(incident, state="resolved", resolved_at=now, reason=reason, value=value)
    return msgspec.structs.replace(board, closed=(over, *board.closed)[:MOST_CLOSED])


def _with(board: Board, name: str, incident: Incident | None) -> Board:
    active = {rule: each for rule, each in board.active.items() if rule != name}
    if incident is not None:
        active[name] = incident
    return msgspec.structs.replace(board, active=active)
