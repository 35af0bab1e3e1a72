"""`@cached`, for plain functions, methods and coroutine functions."""

import asyncio
import inspect
from dataclasses import dataclass

import pytest

from brightspot.cache import BytesCodec, ComputeTimedOut, cached


@dataclass(frozen=True)
class Place:
    name: str
    zips: tuple[str, ...]


@pytest.fixture
def keeping(computed):
    """`@cached` over this test's cache."""

    def decorate(ttl=60.0, **options):
        return cached("n", ttl, cache=computed, **options)

    return decorate


def test_a_function_is_called_once_per_arguments(keeping):
    calls = []

    @keeping()
    def add(a: int, b: int = 1) -> int:
        """The sum."""
        calls.append((a, b))
        return int(a + b)

    assert [add(1), add(1, 1), add(a=1, b=1), add(1, 2), add(1.0)] == [2, 2, 2, 3, 2]
    assert calls == [(1, 1), (1, 2), (1.0, 1)]
    assert (add.__name__, add.__doc__) == ("add", "The sum.")


def test_a_value_comes_back_as_the_type_that_the_function_says_it_returns(keeping):
    @keeping()
    def place(name: str) -> Place:
        return Place(name, ("55901", "55902"))

    assert [place("Rochester"), place("Rochester")] == [Place("Rochester", ("55901", "55902"))] * 2


def test_a_value_of_another_type_than_promised_is_refused_not_kept(keeping):
    @keeping(stale_if_error=60)
    def number() -> int:
        return 1.5

    for _ in range(2):
        with pytest.raises(TypeError, match="return plain data of the annotated type"):
            number()


def test_without_such_a_type_the_first_answer_is_the_same_plain_data_as_the_second(keeping):
    @keeping()
    def place(name):
        return {"name": name, "zips": ("55901",)}

    assert [place("a"), place("a")] == [{"name": "a", "zips": ["55901"]}] * 2


def test_one_result_can_be_forgotten_or_computed_anew(keeping):
    calls = []

    @keeping()
    def count(name: str) -> int:
        calls.append(name)
        return len(calls)

    assert [count("a"), count("b")] == [1, 2]
    assert count.invalidate("a") is True
    assert [count("a"), count("b"), count.refresh("b"), count("b")] == [3, 2, 4, 4]


def test_the_key_can_be_made_by_the_caller_and_a_version_forgets_what_was_before(keeping):
    calls = []

    def compute(place: Place) -> int:
        calls.append(place)
        return len(calls)

    first = keeping(key=lambda place: place.name)(compute)
    assert first.key(Place("a", ())).endswith(".compute:1:a")
    assert [first(Place("a", ())), first(Place("a", ("55901",))), first(Place("b", ()))] == [1, 1, 2]
    assert keeping(key=lambda place: place.name, version=2)(compute)(Place("a", ())) == 3


def test_a_methods_object_is_no_part_of_the_key_when_so_chosen(keeping):
    class Service:
        def __init__(self):
            self.calls = 0

        @keeping(method=True)
        def score(self, zip_code: str) -> int:
            self.calls += 1
            return self.calls

    first, second = Service(), Service()
    assert [Service.score(first, "55901"), Service.score(second, "55901"), Service.score(second, "55902")] == [1, 1, 1]
    with pytest.raises(TypeError, match="key="):
        keeping()(Service.score.__wrapped__)(object(), "55901")


def test_tags_may_be_made_of_the_arguments(keeping, computed):
    calls = []

    @keeping(tags=lambda zip_code: [f"zip:{zip_code}"])
    def score(zip_code: str) -> int:
        calls.append(zip_code)
        return len(calls)

    assert [score("55901"), score("10001")] == [1, 2]
    computed.clear("n", "zip:55901")
    assert [score("55901"), score("10001")] == [3, 2]


def test_bytes_need_no_json(keeping):
    assert [keeping(codec=BytesCodec())(lambda: b"\xff")() for _ in range(2)] == [b"\xff"] * 2


def test_a_coroutine_function_stays_one_and_is_called_once(keeping):
    calls = []

    @keeping()
    async def double(number: int) -> int:
        calls.append(number)
        await asyncio.sleep(0)
        return 2 * number

    async def many():
        return await asyncio.gather(*(double(2) for _ in range(50)))

    assert inspect.iscoroutinefunction(double)
    assert asyncio.run(many()) == [4] * 50
    assert asyncio.run(double(2)) == 4
    assert asyncio.run(double.refresh(2)) == 4
    assert calls == [2, 2]


def test_a_coroutine_that_is_late_is_cancelled_and_the_old_value_serves(keeping, clock):
    ended = []

    @keeping(ttl=10, stale_while_revalidate=100, soft_timeout=0.01, hard_timeout=0.02, window=0.0)
    async def slow(name: str) -> str:
        if not slow.ready:
            try:
                await asyncio.sleep(20)
            finally:
                ended.append(name)
        return "old"

    slow.ready = True
    asyncio.run(slow("a"))
    clock.advance(seconds=20)
    slow.ready = False
    assert asyncio.run(slow("a")) == "old"
    with pytest.raises(ComputeTimedOut):
        asyncio.run(slow("b"))
    assert ended == ["a", "b"]


def test_one_that_is_cancelled_leaves_the_computation_to_another(keeping):
    calls = []

    @keeping()
    async def work() -> int:
        calls.append(1)
        await asyncio.sleep(0.01 if len(calls) > 1 else 20)
        return len(calls)

    async def scenario():
        first = asyncio.create_task(work())
        await asyncio.sleep(0)
        second = asyncio.create_task(work())
        await asyncio.sleep(0)
        first.cancel()
        return await second

    assert asyncio.run(scenario()) == 2


def test_an_error_of_a_coroutine_is_kept_too_where_that_is_chosen(keeping):
    calls = []

    @keeping(negative_ttl=5, negative_errors=(LookupError,))
    async def find(name: str) -> int:
        calls.append(name)
        raise LookupError(name)

    for _ in range(2):
        with pytest.raises(LookupError, match="x"):
            asyncio.run(find("x"))
    assert calls == ["x"]
