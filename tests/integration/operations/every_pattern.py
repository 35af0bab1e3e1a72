"""Every repository of the library doing what it is there for, as requests and workers would have it do."""

from datetime import UTC, datetime, timedelta
from random import Random

import msgspec

from brightspot import locations
from brightspot.audit.checkpoint import Checkpoint, Statement
from brightspot.audit.dynamo import DynamoLedger
from brightspot.audit.entry import Event
from brightspot.cache.dynamo import DynamoLevel
from brightspot.core.clock import SystemClock
from brightspot.core.ids import new_id
from brightspot.identity.claims import DynamoClaims
from brightspot.identity.dynamo import DynamoAccounts, DynamoApiKeys, DynamoSessions
from brightspot.identity.model import Account, ApiKey, Session
from brightspot.identity.model import Claim as IdentityClaim
from brightspot.jobs.dynamo import DynamoJobs
from brightspot.jobs.seam import Ending
from brightspot.jobs.shapes import Asked, Hook, Job, JobClaim, KeptFile
from brightspot.locations.batches.dynamo import DynamoBatches
from brightspot.locations.batches.shapes import Batch, BatchItem, Claim, Plan, Slot
from brightspot.locations.past.dynamo import DynamoHistory
from brightspot.locations.past.shapes import record_of
from brightspot.operations.figures_table import TableShelf
from brightspot.operations.health_history import HealthPoint
from brightspot.operations.health_table import TableShelves
from brightspot.operations.upkeep.registry import MaintenanceTask
from brightspot.operations.upkeep.service import Started, Upkeep
from brightspot.operations.upkeep.table import TableRuns
from brightspot.resilience import Deadline
from brightspot.tasks import NewTask, TaskConfig
from brightspot.tasks.table import DynamoTable
from brightspot.telemetry import request_context
from tests.conftest import HandClock
from tests.unit.tasks.world import World

CLOCK = SystemClock()
PLACE = "ROCHESTER, MN 55901"
ANALYSES = 24
BATCH = 25  # addresses: as many as a batch may have
WAITS = 12  # times that a caller looks whether a batch is finished


class Tidy(MaintenanceTask):
    """One that has nothing to do."""

    def steps(self):
        return {}


def use_every_table(settings):
    """All of it, each asking in a request of its own."""
    analysis = locations.service().analyze(locations.AnalyzeRequest("Rochester, MN 55901"))
    body = msgspec.json.encode(analysis)
    for use in (
        lambda: use_history(settings, analysis),
        lambda: use_batches(settings, body),
        lambda: use_cache(settings, body),
    ):
        use()
    of_one = (use_jobs, use_accounts, use_sessions, use_keys, use_audit, use_health, use_figures, use_maintenance)
    for use in (*of_one, use_tasks):
        use(settings)


def asking():
    return request_context(new_id(CLOCK.now()))


def use_history(settings, analysis):
    history = DynamoHistory(settings, CLOCK, retention_days=90, queue_url="")
    now, ids = CLOCK.now(), []
    for number in range(ANALYSES):
        at, tenant = now - timedelta(minutes=number), "shared" if number % 4 else "some"
        with asking():
            ids.append(new_id(at))
            history.write(record_of(msgspec.structs.replace(analysis, id=ids[-1]), PLACE, tenant=tenant))
    with asking():
        cursor = history.recent(10).next_cursor
    with asking():
        history.recent(10, cursor=cursor)
    with asking():
        history.recent(20, "business")
    with asking():
        assert len(history.of_place(PLACE, 100).results) == ANALYSES * 3 // 4
    with asking():
        history.of_place(PLACE, 10, persona="family")
    with asking():
        assert history.get(ids[1]) is not None
    with asking():
        history.count()
    with asking():
        old = list(history.made_before(now + timedelta(days=1)))
        assert len(old) == ANALYSES
        history.forget(old[:25], Deadline.after(CLOCK, 10))


def use_batches(settings, body):
    batches, now = DynamoBatches(settings, CLOCK), CLOCK.now()
    slots = [Slot(f"Rochester, MN 559{number:02}", new_id(now)) for number in range(BATCH)]
    plan = Plan([each.address for each in slots], [*range(BATCH)], slots, 2.0, "business", None)
    times = {"created_at": now.timestamp(), "answer_by": now.timestamp() + 60, "expires_at": int(now.timestamp()) + 60}
    batch = Batch(id=new_id(now), tenant="shared", plan=plan, **times)
    with asking():
        claim = Claim("key", batch.id, "fingerprint", batch.expires_at)
        assert batches.claim(claim) == batches.claim(claim) == claim
        assert batches.create(batch, {})
    for number, slot in enumerate(slots):
        with asking():  # each message is handled by itself
            item = BatchItem(
                batch.id, number, slot.address, 2.0, "business", None, "shared", slot.analysis_id, batch.expires_at
            )
            batches.finish(item, body)
    with asking():
        for _ in range(WAITS):
            batches.answered(batch.id)
        assert batches.read(batch.id) is not None
    with asking():
        kept = msgspec.structs.replace(batch, id=new_id(now))
        assert batches.create(kept, dict.fromkeys(range(BATCH), body))
        assert batches.read(kept.id) is not None


def use_jobs(settings):
    jobs, now = DynamoJobs(settings, CLOCK), CLOCK.now()
    at, later = now.timestamp(), int(now.timestamp()) + 60
    asked = Asked(
        {"addresses": [f"Rochester, MN 559{number:02}" for number in range(100)]}, Hook("https://a.example", "s")
    )
    for _ in range(12):
        told = {"job_type": "bulk_analyze", "priority": "normal", "state": "queued", "created_at": at}
        job = Job(id=new_id(CLOCK.now()), tenant="shared", expires_at=later, webhook="waiting", **told)
        with asking():
            claim = JobClaim(job.id, job.id, "fingerprint", later)
            assert jobs.claim(claim) == jobs.claim(claim) == claim
            assert jobs.create(job, asked, 1000) == "created"
        with asking():  # each step of a job is a task's
            assert jobs.asked(job.id) == asked
            assert jobs.begin(job.id, [25] * 4, "digest", at)
            jobs.handed_on(job.id)
        for part in range(4):
            with asking():
                assert jobs.get(job.id) is not None
                assert jobs.part_done(job.id, part)
        with asking():
            assert jobs.end(job.id, Ending("done", at, files=[KeptFile("result.json", "application/json", 1000)]))
            jobs.told(job.id, "delivered", None)
    with asking():
        assert len(jobs.newest("shared", None, 20, None)) == len(jobs.newest("shared", "done", 20, None)) == 12


def use_cache(settings, body):
    level = DynamoLevel(settings, CLOCK, 2000)
    names, later = [f"entry {number}" for number in range(150)], CLOCK.now().timestamp() + 60
    kept = names[:30]
    for name in kept:
        with asking():
            level.set(name, body, later)
    with asking():
        level.set("large", Random(1).randbytes(380_000), later)
        assert level.get("large") is not None
    with asking():
        assert level.get(kept[0]) == body
        assert len(level.get_many(names)) == len(kept)
        level.delete(kept[0])


def use_accounts(settings):
    accounts = DynamoAccounts(settings)
    ada = Account(new_id(CLOCK.now()), "ada@example.org", "$argon2id$x", ("read", "write"), "t1", 1.5)
    with asking():
        assert accounts.add(ada)
        assert not accounts.add(ada)
    with asking():
        assert accounts.by_email(ada.email) == accounts.by_id(ada.id) == ada
        accounts.set_password(ada, "$argon2id$y")


def use_sessions(settings):
    sessions, claims = DynamoSessions(settings, CLOCK), DynamoClaims(settings, CLOCK)
    later, account = int(CLOCK.now().timestamp()) + 60, new_id(CLOCK.now())
    for _ in range(12):
        with asking():
            session = Session(new_id(CLOCK.now()), account, "f", "c0", 1.5, 1.5, later, "test")
            sessions.add(session)
            assert sessions.read(session.id) == session
            after = msgspec.structs.replace(session, previous="c0", current="c1", nonce="n", rotated_at=2.5)
            assert sessions.rotate(session, after)
    with asking():
        for each in sessions.of_account(account):  # a changed password ends them all
            assert sessions.end(each.id, 3.5)
    with asking():
        claim = IdentityClaim("key", account, "salt", 1.5)
        assert claims.claim(claim, later) == claims.claim(claim, later) == claim
        claims.answer("key", b"answer")
        assert claims.answer("key", b"another") == b"answer"


def use_keys(settings):
    keys = DynamoApiKeys(settings, CLOCK)
    later, account = int(CLOCK.now().timestamp()) + 60, new_id(CLOCK.now())
    key = ApiKey(new_id(CLOCK.now()), account, "shared", "robot", "digest", ("read",), 1.5, later)
    with asking():
        assert keys.add(key)
        assert keys.read(key.id) == key
        keys.used(key, 2.5)
    with asking():
        assert len(keys.of_account(account)) == 1
        assert keys.end(key.id, account)


def use_audit(settings):
    ledger, said = (
        DynamoLedger(settings, lambda _: None, Random(1)),
        {"actor": "a", "tenant": "t", "client": "192.0.2.1"},
    )
    for number in range(12):
        with asking():
            at = f"2026-11-01T00:00:{number:02}.000Z"
            ledger.append(
                "admin", Event(at=at, action="cache", target="all", outcome="done", request_id=str(number), **said)
            )
    with asking():
        entries = list(ledger.entries("admin"))
        assert len(list(ledger.newest("admin"))) == len(entries) == 12
    with asking():
        statement = Statement(stream="admin", number=1, first=1, last=12, root="r", previous="p", at=at)
        assert ledger.keep(Checkpoint(statement=statement, kid="k", signature="s"))
        assert [ledger.last_checkpoint("admin")] == list(ledger.checkpoints("admin"))


def use_health(settings):
    shelves, now = TableShelves(settings), datetime(2026, 11, 1, tzinfo=UTC)
    for minute in range(12):
        with asking():
            point = HealthPoint(now + timedelta(minutes=minute), "healthy", 1.0, 1, [], {"cache": 1.5})
            shelves.append(f"minutes#{minute % 3}", point, now + timedelta(days=365))
    with asking():
        assert len(shelves.read([f"minutes#{number}" for number in range(24)])) == 12
    with asking():
        assert (
            shelves.forget([f"minutes#{number}" for number in range(25)], now + timedelta(days=400), dry_run=False) == 3
        )


def use_figures(settings):
    shelf, later = TableShelf(settings), CLOCK.now() + timedelta(days=40)
    for number in range(12):
        with asking():
            shelf.join(f"hour#{number // 2}", {"HttpRequests": number}, later)
    with asking():
        assert len(shelf.read([f"hour#{number}" for number in range(24)])) == 6
    with asking():
        spans = [f"hour#{number}" for number in range(25)]
        assert shelf.forget(spans, later + timedelta(seconds=1), dry_run=False) == 6


def use_maintenance(settings):
    runs, upkeep = TableRuns(settings), Upkeep(TableRuns(settings), CLOCK, {"tidy": Tidy("tidy", "", "", 24, "")})
    for _ in range(12):
        with asking():
            done = upkeep.run("tidy", Deadline.after(CLOCK, 10), started=Started("schedule", None, "x"))
    with asking():
        assert len(runs.newest("tidy", 20)) == 1
        assert runs.read("tidy", done.started_at) == runs.oldest("tidy") == done
    with asking():
        assert runs.forget("tidy", CLOCK.now() + timedelta(days=91), 25, dry_run=False) == 1


def use_tasks(settings):
    clock = HandClock()
    clock.advance(seconds=(CLOCK.now() - clock.now()).total_seconds())
    world = World(table=DynamoTable(settings, Random(1)), clock=clock)

    def run():
        while world.queue.messages:
            with asking():  # each event is handled by itself
                world.deliver()

    with asking():
        first, second = world.submit(NewTask("world.node", label="a"), NewTask("world.node", config=after("a")))
    with asking():
        world.submit(NewTask("world.node", config=TaskConfig(key="once")))
    run()
    with asking():
        (broken,) = world.submit(NewTask("world.broken"))
    with asking():
        world.submit(NewTask("world.node", config=after("world.broken")), NewTask("world.asking"))
    run()
    with asking():
        assert world.tasks.orders.redrive(broken).state == "queued"
    with asking():
        world.tasks.orders.cancel(broken)
    run()
    with asking():
        assert world.tasks.statuses.one(second).state == "done"
        assert len(world.tasks.statuses.listed("world.node", None, 10, None).tasks) == 4
    with asking():
        assert len(world.tasks.statuses.listed(None, None, 10, None).tasks) == 6
    use_tasks_late(world, first)


def use_tasks_late(world, first):
    """What happens to tasks that a worker leaves, or that lie there."""
    with asking():
        (left,) = world.submit(NewTask("world.node"))
        assert world.tasks.statuses.queued_since() is not None
        head = world.tasks.orders.look(left)
        (head,) = world.tasks.worker._claims.take([head], "owner")
        world.tasks.worker._claims.extend([head])
        world.tasks.worker._claims.give_back(head)
    world.clock.advance(seconds=3600)
    with asking():
        assert world.tasks.upkeep.resend(world.deadline(), dry_run=False).resent == 1
    world.clock.advance(seconds=86_400 * 31)
    with asking():
        assert world.tasks.upkeep.forget(world.deadline(), dry_run=False).deleted > 0
        assert world.tasks.statuses.one(first) is None


def after(name):
    return TaskConfig(depends_on=[name])
