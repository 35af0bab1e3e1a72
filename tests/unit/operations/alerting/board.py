"""What alert tests share: figures by hand, a channel that remembers, and a watch over both."""

from datetime import timedelta

from brightspot.core.errors import BrightspotError
from brightspot.operations.alerting.board import MemoryShelf
from brightspot.operations.alerting.plan import Plan
from brightspot.operations.alerting.rule import Rule, Threshold
from brightspot.operations.alerting.watch import AlertWatch
from brightspot.resilience import Deadline
from brightspot.telemetry import DATABASE_ERRORS, HEALTHY, Extremes, Figures
from brightspot.valkey import StoreUnavailable
from tests.conftest import HandClock

SERIES = ("Healthy",)
PAGE = Rule("not-healthy", "page", "It is not well.", Threshold(HEALTHY, "below", 1), looks=3, bad=2, unseen="fault")
TICKET = Rule("database-errors", "ticket", "DynamoDB failed.", Threshold(DATABASE_ERRORS, "above", 0))
PLAN = Plan(("webhook",), ("escalation-webhook",), timedelta(hours=4), timedelta(minutes=15))


class Told:
    """Figures by minute, as somebody told them."""

    shared = True

    def __init__(self):
        self.healthy, self.errors, self.away = {}, {}, False

    def minutes(self, metrics, first, last):
        self._reach()
        return {
            each: Figures(counters={("DatabaseErrors",): self.errors[each]} if each in self.errors else {})
            for each in range(first, last + 1)
        }

    def readings(self, metrics, first, last):
        self._reach()
        return {
            each: {SERIES: Extremes(*self.healthy[each])} if each in self.healthy else {}
            for each in range(first, last + 1)
        }

    def _reach(self):
        if self.away:
            raise StoreUnavailable("away")


class Refused(BrightspotError):
    pass


class Heard:
    """A channel that remembers what it took; `down` it takes nothing."""

    def __init__(self):
        self.parcels, self.down, self.tried = [], False, 0

    def send(self, parcel, deadline):
        self.tried += 1
        if self.down:
            raise Refused("it is down")
        self.parcels.append(parcel)

    def said(self):
        return [(item.rule, item.state) for parcel in self.parcels for item in parcel.items]


class World:
    """A clock at the start of a minute and a watch; `minute(...)` lets one go by and looks at it."""

    def __init__(self, rules=(PAGE, TICKET), plan=PLAN, shelf=None, objectives=None):
        self.clock, self.told, self.shelf = HandClock(), Told(), shelf or MemoryShelf()
        self.channels = {name: Heard() for name in (*plan.first, *plan.escalation)}
        self.plan, self.rules, self.objectives = plan, rules, objectives
        self.watch = self.another()
        self.clock.advance(seconds=10)

    def another(self):
        return AlertWatch(
            self.shelf, self.told, self.clock, plan=self.plan, channels=self.channels, rules=self.rules,
            objectives=self.objectives,
        )  # fmt: skip

    @property
    def now(self):
        return int(self.clock.now().timestamp()) // 60

    @property
    def board(self):
        return self.shelf.load()[0]

    def minute(self, healthy=(1, 1), errors=None, looks=1):
        if healthy is not None:
            self.told.healthy[self.now] = healthy
        if errors is not None:
            self.told.errors[self.now] = errors
        self.clock.advance(seconds=60)
        return [self.look() for _ in range(looks)]

    def look(self):
        return self.watch.evaluate(Deadline.after(self.clock, 30))

    def said(self, channel="webhook"):
        return self.channels[channel].said()
