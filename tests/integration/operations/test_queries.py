"""Code that uses its table badly, on purpose: each fault is found, by its access pattern, and nothing else is."""

import pytest
from moto import mock_aws
from pynamodb.attributes import BinaryAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model

from brightspot import operations
from brightspot.core.clock import SystemClock
from brightspot.resilience import Deadline, run_all
from brightspot.store import StoreSettings, access_pattern, bind, fetch, fetch_all, insert, reaching
from brightspot.store.access.recording import shared_recording
from brightspot.telemetry import request_context

ORDERS = 300
SHARDS = 8
LARGE = 100_000


class _ByShop(GlobalSecondaryIndex["OrderRow"]):
    class Meta:
        index_name = "by-shop"
        projection = AllProjection()

    shop = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class OrderRow(Model):
    id = UnicodeAttribute(hash_key=True)
    shop = UnicodeAttribute()
    customer = UnicodeAttribute()
    photo = BinaryAttribute(legacy_encoding=False, null=True)

    by_shop = _ByShop()


class Orders:
    """How not to ask a table, and how to."""

    def __init__(self):
        self.table = bind(OrderRow, "orders", StoreSettings(table_prefix="one", region="us-east-1"))

    @access_pattern("orders: fill")
    def fill(self):
        with self.table.batch_write() as batch:
            for number in range(ORDERS):
                batch.save(self.table(str(number), shop=f"shop {number % SHARDS}", customer=f"customer {number % 100}"))

    @access_pattern("orders: all of them")
    def all(self):
        return list(self.table.scan())

    @access_pattern("orders: a customer's")
    def of_customer(self, customer):
        return list(self.table.scan(self.table.customer == customer))

    @access_pattern("orders: a shop's, by scanning")
    def of_shop_scanning(self, shop):
        return list(self.table.scan(self.table.shop == shop))

    @access_pattern("orders: a customer's at a shop")
    def of_customer_at(self, shop, customer):
        return list(self.table.by_shop.query(shop, filter_condition=self.table.customer == customer))

    @access_pattern("orders: one by its id")
    def one(self, order):
        return fetch(self.table, order)

    @access_pattern("orders: several by their ids")
    def several(self, orders):
        return fetch_all(self.table, orders)

    @access_pattern("orders: keep one")
    def keep(self, order, photo):
        return insert(self.table(order, shop="s", customer="c", photo=photo))

    @access_pattern("orders: keep one with its photo", item_bytes=2 * LARGE)
    def keep_large(self, order, photo):
        return insert(self.table(order, shop="s", customer="c", photo=photo))

    def everywhere(self, shards, *, fan_out):
        """Those of all shops, each asked on a thread of its own."""
        with reaching(self.table), access_pattern("orders: of every shop", fan_out=fan_out):
            jobs = {str(number): lambda number=number: self._of(f"shop {number}") for number in range(shards)}
            return run_all(jobs, Deadline.after(SystemClock(), 10))

    def _of(self, shop):
        return list(self.table.by_shop.query(shop))


@pytest.fixture
def orders(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    shared_recording.cache_clear()  # it tells so many patterns of a process, and the rest as others
    with mock_aws():
        made = Orders()
        made.table.create_table(wait=True)
        made.fill()
        yield made


def found():
    """What is found: kind, severity and pattern of each, and the findings by kind."""
    performance = operations.database_performance()
    assert performance.recommendations == [each.advice for each in performance.findings]
    told = {(each.kind, each.severity, each.pattern) for each in performance.findings}
    return told, {each.kind: each for each in performance.findings}


def test_a_scan_is_found(orders):
    orders.all()
    told, by_kind = found()
    assert told == {("scan", "medium", "orders: all of them")}
    assert by_kind["scan"].evidence == {"calls": 1, "items_scanned": ORDERS, "items_returned": ORDERS}
    assert by_kind["scan"].advice.startswith(
        "'orders: all of them' (Scan of orders): reads the whole table, 300 items in 1 call"
    )


def test_a_scan_that_reads_much_is_grave(orders):
    for _ in range(4):
        orders.all()
    assert found()[0] == {("scan", "high", "orders: all of them")}


def test_an_index_that_is_missing_is_found_with_what_its_absence_costs(orders):
    assert len(orders.of_customer("customer 7")) == 3
    told, by_kind = found()
    pattern = "orders: a customer's"
    assert told == {(kind, "medium", pattern) for kind in ("scan", "wasteful_filter", "missing_index")}
    assert by_kind["missing_index"].evidence == {"calls": 1, "attribute": "customer", "items_scanned": ORDERS}
    assert "make an index with it as partition key" in by_kind["missing_index"].advice
    assert by_kind["wasteful_filter"].evidence["items_returned"] == 3


def test_an_index_that_is_there_and_not_asked_is_named(orders):
    orders.of_shop_scanning("shop 3")
    assert "ask the index by-shop, whose key it is" in found()[1]["missing_index"].advice


def test_a_filter_that_throws_away_most_of_a_query_is_found(orders):
    for shop in range(SHARDS):
        orders.of_customer_at(f"shop {shop}", "customer 7")
    told, by_kind = found()
    pattern = "orders: a customer's at a shop"
    assert told == {("wasteful_filter", "medium", pattern), ("missing_index", "medium", pattern)}
    assert (by_kind["wasteful_filter"].index, by_kind["wasteful_filter"].operation) == ("by-shop", "Query")
    assert "297 of 300 items" in by_kind["wasteful_filter"].advice


def test_a_filter_is_not_judged_by_a_few_items(orders):
    orders.of_customer_at("shop 3", "nobody")
    assert found()[0] == set()


def test_a_question_for_each_row_is_found_and_one_for_all_of_them_is_not(orders):
    with request_context("one"):
        for number in range(12):
            orders.one(str(number))
    with request_context("two"):
        orders.several([str(number) for number in range(100, 160)])
    told, by_kind = found()
    assert told == {("n_plus_one", "medium", "orders: one by its id")}
    assert by_kind["n_plus_one"].evidence == {"requests": 1, "calls": 12, "calls_per_request": 12.0}


def test_as_many_questions_of_as_many_requests_are_not_blamed(orders):
    for number in range(60):
        with request_context("the same id, as messages of one batch have it"):
            orders.one(str(number))
    assert found()[0] == set()


def test_who_waits_for_a_row_is_not_blamed(orders):
    with request_context("one"):
        for _ in range(60):
            orders.one("7")
    assert found()[0] == set()


@pytest.mark.parametrize(("shards", "fan_out", "blamed"), [(12, 1, True), (12, 12, False)])
def test_a_fan_out_over_shards_is_blamed_unless_it_is_declared(orders, shards, fan_out, blamed):
    with request_context("one"):
        orders.everywhere(shards, fan_out=fan_out)
    assert found()[0] == ({("n_plus_one", "medium", "orders: of every shop")} if blamed else set())


def test_a_fan_out_for_each_row_is_blamed_although_it_is_declared(orders):
    with request_context("one"):
        for start in range(10):
            for shard in range(SHARDS):
                with access_pattern("orders: of every shop", fan_out=SHARDS):
                    orders._of(f"shop {start * SHARDS + shard}")
    assert found()[0] == {("n_plus_one", "high", "orders: of every shop")}


def test_a_hot_key_is_found_and_not_told(orders):
    for number in range(150):
        with request_context(str(number)):
            orders.one("7")
    told, by_kind = found()
    assert told == {("hot_key", "medium", "orders: one by its id")}
    # The table was filled in the same minute, so that the key's share grows to a fifth only bit by bit.
    assert 0 < by_kind["hot_key"].evidence["calls_of_hot_keys"] <= 51
    assert by_kind["hot_key"].evidence["throttled"] == 0


def test_an_item_that_is_large_is_found_and_one_that_is_meant_to_be_is_not(orders):
    orders.keep_large("large", b"." * LARGE)
    assert found()[0] == set()
    orders.keep("also large", b"." * LARGE)
    told, by_kind = found()
    assert told == {("oversized_item", "medium", "orders: keep one")}
    assert by_kind["oversized_item"].evidence["largest_bytes"] == pytest.approx(LARGE, rel=0.02)
    orders.one("large")
    assert ("oversized_item", "medium", "orders: one by its id") in found()[0]


def test_code_that_names_no_pattern_is_named_by_its_function(orders):
    def careless():
        return list(orders.table.scan())

    careless()
    ((kind, _, pattern),) = found()[0]
    assert kind == "scan"
    assert pattern.startswith("test_queries.")
    assert pattern.endswith(".careless")
