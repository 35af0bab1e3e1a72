"""Each tenant has a history of its own, in both backends and whatever way it is recorded; nobody reads another's."""

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brightspot import locations
from brightspot.core.clock import SystemClock
from brightspot.core.errors import NotFinished, NotFound
from brightspot.core.ids import new_id
from brightspot.locations.gazetteer.locate import shared_gazetteer
from brightspot.locations.past.dynamo import DynamoHistory
from brightspot.locations.past.seam import MemoryHistory
from brightspot.locations.past.shapes import FailedAnalysis
from brightspot.locations.past.table import SHARDS, partition
from brightspot.resilience import Deadline
from brightspot.security import SHARED_TENANT
from tests.integration.history.conftest import PLACE, START, create_table, put_all
from tests.integration.history.test_both import PERSONAS, PLACES, Then

TENANTS = [SHARED_TENANT, "ada", "bob"]
rows = st.lists(
    st.tuples(st.sampled_from(TENANTS), st.integers(0, 60), st.sampled_from(PERSONAS), st.sampled_from(PLACES)),
    max_size=40,
)
names = st.text("ABCDXYZabcxyz0189_-", min_size=1, max_size=64)
# Keys of the shared tenant's lists: a persona's shard, a recent one, or an address in normal form (in capitals).
lists = st.sampled_from(
    [f"recent#{shard}" for shard in range(SHARDS)] + [f"business#{shard}" for shard in range(SHARDS)]
)
keys = lists | st.text().map(str.upper)


def empty(backend, aws):
    if backend == "memory":
        return MemoryHistory(clock=Then())
    at = aws.settings_of(create_table(aws.dynamodb))
    return DynamoHistory(at, Then(), retention_days=90, queue_url=aws.queue_url)


def walked(ask, limit):
    """All ids that the pages of a question have, in order."""
    found, cursor = [], None
    while True:
        page = ask(limit, cursor)
        found += [each.id for each in page.results]
        if (cursor := page.next_cursor) is None:
            return found


@pytest.mark.parametrize("backend", ["memory", "dynamodb"])
def test_every_list_of_a_tenant_is_what_that_tenant_recorded(backend, aws, made):
    @settings(
        max_examples=60 if backend == "memory" else 15,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(
        written=rows,
        place=st.none() | st.sampled_from(PLACES),
        persona=st.none() | st.sampled_from(PERSONAS),
        limit=st.integers(1, 20),
    )
    def holds(written, place, persona, limit):
        history = empty(backend, aws)
        model = {tenant: {} for tenant in TENANTS}
        for tenant, minute, who, where in written:
            analysis = made(minutes=minute, persona=who)
            history.record(analysis, where, tenant)
            model[tenant][analysis.id] = (who, where)
        for tenant in TENANTS:

            def ask(most, cursor, tenant=tenant):
                if place is None:
                    return history.recent(most, persona, cursor=cursor, tenant=tenant)
                return history.of_place(place, most, cursor, persona=persona, tenant=tenant)

            wanted = [
                each
                for each, (who, where) in model[tenant].items()
                if persona in {None, who} and place in {None, where}
            ]
            assert walked(ask, limit) == sorted(wanted, reverse=True)
            for owner in TENANTS:
                for each in model[owner]:
                    assert (history.stored(each, tenant) is not None) is (owner == tenant)

    holds()


@given(one=names, other=names, key=keys, another=keys)
def test_no_two_tenants_share_a_list(one, other, key, another):
    if (one, key) != (other, another):
        assert partition(one, key) != partition(other, another)


@given(tenant=names.filter(lambda each: each != SHARED_TENANT), key=keys, another=keys)
def test_no_tenant_has_a_list_of_the_shared_one(tenant, key, another):
    assert partition(SHARED_TENANT, key) == key != partition(tenant, another)


def test_a_row_of_the_shared_tenant_is_what_it_was_before_there_were_tenants(history, aws, made):
    analysis = made()
    history.record(analysis, PLACE)
    (row,) = aws.rows()
    assert row["place"] == {"S": PLACE}
    assert row["recent_shard"]["S"].startswith("recent#")
    assert row["persona_shard"]["S"].startswith("business#")
    assert not {"tenant", "tenants_shard"} & {name for name, value in row.items() if value != {"NULL": True}}
    assert history.stored(analysis.id, "ada") is None
    assert history.stored(analysis.id) is not None


def test_a_page_reads_nothing_of_another_tenant(history, made, calls):
    """Else who has few analyses would pay for reading past those of who has many, and could tell how many there are."""
    for minute in range(3):
        history.record(made(minutes=minute), PLACE, "ada")
    for tenant in (SHARED_TENANT, "bob"):
        put_all(history, [made(minutes=minute) for minute in range(200)], tenant=tenant)
    for ask in (
        lambda: history.recent(10, tenant="ada"),
        lambda: history.recent(10, "business", tenant="ada"),
        lambda: history.of_place(PLACE, 10, tenant="ada"),
    ):
        calls.clear()
        assert ask().count == 3
        assert sum(answer["ScannedCount"] for _, _, answer in calls) == 3


def test_the_cleanup_finds_what_is_old_of_every_tenant(history, aws, made, clock):
    clock.advance(seconds=timedelta(days=70).total_seconds())
    for tenant in TENANTS:
        history.record(made(minutes=1), PLACE, tenant)
        history.record(made(minutes=60 * 24 * 60), PLACE, tenant)
    assert locations.clean_history(Deadline.after(SystemClock(), 60), history, clock) == {
        "deleted": 3,
        "finished": True,
    }
    assert [history.recent(10, tenant=tenant).count for tenant in TENANTS] == [1, 1, 1]
    assert len(aws.rows()) == 3


def test_what_could_not_be_saved_in_its_request_is_saved_for_its_tenant(history, aws, made, clock, worker):
    analysis = made()
    broken = DynamoHistory(aws.settings_of("absent"), clock, retention_days=90, queue_url=aws.queue_url)
    broken.record(analysis, PLACE, "ada")
    (message,) = aws.messages()
    assert worker(message["Body"]) == {"batchItemFailures": []}
    assert history.stored(analysis.id) is None
    assert history.stored(analysis.id, "ada") is not None
    assert history.of_place(PLACE, 10, tenant="ada").count == 1


def test_a_message_from_before_there_were_tenants_is_saved_as_shared(history, aws, made, clock, worker):
    analysis = made()
    broken = DynamoHistory(aws.settings_of("absent"), clock, retention_days=90, queue_url=aws.queue_url)
    broken.record(analysis, PLACE)
    told = json.loads(aws.messages()[0]["Body"])
    told["body"].pop("tenant", None)
    assert worker(json.dumps(told)) == {"batchItemFailures": []}
    assert history.stored(analysis.id) is not None


@pytest.mark.parametrize("backend", ["memory", "dynamodb"])
def test_another_tenants_failure_is_not_found_rather_than_not_finished(backend, aws):
    history, place = empty(backend, aws), shared_gazetteer().locate("Rochester, MN 55901")
    failed = FailedAnalysis(new_id(START), "55901", place, "business", START, 0.1, "OSError")
    history.record_failed(failed, "ada")
    with pytest.raises(NotFound) as theirs:
        locations.stored_report(failed.id, "json", history, tenant="bob")
    with pytest.raises(NotFound) as nobodys:
        locations.stored_report(new_id(START), "json", history, tenant="bob")
    assert str(theirs.value) == str(nobodys.value)
    with pytest.raises(NotFinished):
        locations.stored_report(failed.id, "json", history, tenant="ada")


def test_recorded_again_by_another_tenant_an_id_stays_whose_it_was(history, made):
    analysis = made()
    history.record(analysis, PLACE, "ada")
    history.record(analysis, PLACE, "bob")
    assert history.stored(analysis.id, "ada") is not None
    assert history.stored(analysis.id, "bob") is None
