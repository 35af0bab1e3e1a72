"""A batch through its functions, its queue and its table: every delivery that SQS may make."""

from brightspot.core.codec import loads
from brightspot.locations import service
from brightspot.locations.batches import backend
from tests.integration.batches.conftest import BATCH, ZIPS, forget

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_each_distinct_address_is_one_message_and_the_worker_answers_it(submit, look, work, environment):
    answer = submit([ZIPS[0], "Atlantis, MN", *ZIPS, " rochester  mn 55901"], traceparent=TRACE)
    told = answer.json
    assert (answer.status, answer.headers["location"]) == (202, f"{BATCH}/{told['id']}")
    assert (answer.headers["preference-applied"], answer.headers["retry-after"]) == ("respond-async", "2")
    assert {name: told[name] for name in ("status", "total", "done")} == {"status": "running", "total": 15, "done": 1}
    first = environment.received()
    bodies = [loads(each["Body"]) for each in first]
    assert {each["traceparent"] for each in bodies} == {TRACE}
    assert {each["correlation_id"] for each in bodies} == {"c6af9ac6-7b61-11e6-9a41-93e8deadbeef"}
    assert len({each["key"] for each in bodies}) == len(first) == 10
    assert work() == set()
    halfway = look(told["id"])
    assert (halfway.status, halfway.done, len(halfway.results)) == ("running", 1 + 10 + 2, 12)
    assert work() == set()
    assert work([]) == set()
    whole = look(told["id"])
    assert (whole.status, whole.successful, whole.failed) == ("completed", 14, 1)
    zips = [each.location.zip for each in whole.results]
    assert zips == [ZIPS[0], *ZIPS, "55901"]
    history = {row["id"]["S"] for row in environment.rows("analyses")}
    assert history == {each.id for each in whole.results}
    assert len(history) == len(ZIPS)


def test_a_delivery_that_comes_twice_changes_neither_the_batch_nor_the_history(submit, look, work, environment):
    told = submit(ZIPS[:3]).json
    messages = environment.received()
    work()
    before, rows = look(told["id"]), environment.rows()
    service.cache_clear()
    backend._worker.cache_clear()
    assert work(messages) == set()
    assert work(list(reversed(messages))) == set()
    after = look(told["id"])
    assert (after.results, environment.rows()) == (before.results, rows)
    assert len(environment.rows("analyses")) == 3


def test_two_workers_at_once_with_one_message_record_one_analysis(submit, work, environment, forgetful):
    submit(ZIPS[:1])
    messages = environment.received()
    work()
    forgetful()  # the second one finds no cache, as if it had begun before the first had ended
    forget()
    assert work(messages) == set()
    assert len(environment.rows("analyses")) == 1


def test_a_poisoned_message_becomes_a_dead_letter_and_an_error_of_its_batch(
    submit, look, work, environment, monkeypatch
):
    real = service()._compute

    def compute(request, *more):
        if request.address == ZIPS[1]:
            raise RuntimeError("as the test asks")
        return real(request, *more)

    monkeypatch.setattr(service(), "_compute", compute)
    told = submit(ZIPS[:3]).json
    assert [len(work()) for _ in range(4)] == [1, 1, 1, 1]
    waiting = look(told["id"])
    assert (waiting.status, [each.index for each in waiting.results]) == ("running", [0, 2])
    assert len(work()) == 1
    whole = look(told["id"])
    (error,) = whole.errors
    assert (whole.status, error.index, error.address) == ("completed", 1, ZIPS[1])
    assert error.reason == "the analysis failed 5 times (RuntimeError); send it again later"
    failed = [row for row in environment.rows("analyses") if row["status"]["S"] == "failed"]
    assert len(failed) == 5
    assert environment.received() == []
    (letter,) = environment.received("batch-dead-letters")
    assert loads(letter["Body"])["body"]["address"] == ZIPS[1]


def test_a_message_that_cannot_be_read_fails_alone(submit, look, work, environment):
    told = submit(ZIPS[:1]).json
    environment.sqs.send_message(QueueUrl=environment.url("batch"), MessageBody='{"schema_version":2}')
    assert len(work()) == 1
    assert look(told["id"]).successful == 1


def test_a_repeat_with_the_same_key_sends_again_what_has_no_answer(submit, look, work, environment):
    first = submit(ZIPS[:3], **{"idempotency-key": "mine"}).json
    environment.sqs.purge_queue(QueueUrl=environment.url("batch"))
    again = submit(ZIPS[:3], **{"idempotency-key": "mine"}).json
    assert again["id"] == first["id"]
    assert len(environment.received()) == 3
    work()
    assert submit(ZIPS[:3], **{"idempotency-key": "mine"}).json["id"] == first["id"]
    assert environment.received() == []
    assert look(first["id"]).successful == 3
