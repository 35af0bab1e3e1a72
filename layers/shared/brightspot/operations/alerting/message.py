"""What a channel is sent: the JSON of a webhook, and the plain text of a topic."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from brightspot.core import codec
from brightspot.operations.alerting.board import Item, Parcel
from brightspot.operations.alerting.rule import Severity

_SEVERITIES: Final[tuple[Severity, ...]] = ("page", "ticket")
_LONGEST_SUBJECT: Final = 99  # of a topic: SNS takes less than 100 characters
ALERTS: Final = "alerts"
ANNOUNCEMENT: Final = "announcement"


def event_of(parcel: Parcel) -> str:
    """What kind of message it is."""
    return ALERTS if parcel.items else ANNOUNCEMENT


def as_json(parcel: Parcel, stack: str) -> bytes:
    """The body of a webhook; docs/alerts.md shows one."""
    told: dict[str, Any] = {
        "id": parcel.id,
        "type": event_of(parcel),
        "stack": stack,
        "made_at": parcel.made_at,
        "subject": parcel.subject,
    }
    if parcel.items:
        groups = {each: [item for item in parcel.items if item.severity == each] for each in _SEVERITIES}
        told["groups"] = [{"severity": each, "alerts": items} for each, items in groups.items() if items]
    else:
        told |= {"text": parcel.text, "link": parcel.link}
    return codec.dumps(told)


def subject_of(parcel: Parcel, stack: str) -> str:
    """One line of printable ASCII, as SNS asks for."""
    line = f"[{stack}] {parcel.subject}".encode("ascii", "replace").decode()
    printable = "".join(each if each.isprintable() else " " for each in line)
    return printable if len(printable) <= _LONGEST_SUBJECT else printable[: _LONGEST_SUBJECT - 3] + "..."


def as_text(parcel: Parcel) -> str:
    """For people."""
    if parcel.items:
        return "\n\n".join(_lines(each) for each in parcel.items)
    return "\n\n".join(filter(None, (parcel.text, parcel.link)))


def _lines(item: Item) -> str:
    return "\n".join(_told(item))


def _told(item: Item) -> Iterator[str]:
    escalated = " (nobody acknowledged it)" if item.escalated and item.state == "firing" else ""
    yield f"{item.severity.upper()} {item.state}: {item.rule}{escalated}"
    yield item.summary
    yield f"Since {_time(item.since)}: {item.reason}"
    if item.state == "firing" and item.advice:
        yield item.advice
        yield f"Alert {item.id}"


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
