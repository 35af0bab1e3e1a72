"""At most so many calls at a time."""

import asyncio
import threading

import pytest

from brightspot.resilience.bulkhead import Bulkhead, BulkheadFull


def test_no_more_than_its_places_run_at_a_time_and_all_get_their_turn():
    bulkhead, lock = Bulkhead("weather", 3, wait_seconds=30), threading.Lock()
    running, most, done = 0, [], []
    full = threading.Event()

    def work():
        nonlocal running
        with bulkhead.place():
            with lock:
                running += 1
                most.append(running)
                if running == 3:
                    full.set()
            full.wait(30)
            with lock:
                running -= 1
                done.append(True)

    threads = [threading.Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (max(most), len(done)) == (3, 12)


def test_one_too_many_is_refused_and_a_place_that_is_left_is_free_again():
    bulkhead = Bulkhead("weather", 1)
    told = r"weather: 1 calls run already, and none ended within 0 s"
    with bulkhead.place(), pytest.raises(BulkheadFull, match=told), bulkhead.place():
        pass
    with pytest.raises(OSError, match="down"), bulkhead.place():
        raise OSError("down")
    with bulkhead.place():
        pass


def test_another_name_has_places_of_its_own():
    with Bulkhead("weather", 1).place(), Bulkhead("maps", 1).place():
        pass


def test_tasks_share_the_places_and_wait_without_stopping_their_loop():
    bulkhead = Bulkhead("weather", 2, wait_seconds=30)
    running, most = 0, []

    async def work():
        nonlocal running
        async with bulkhead.aplace():
            running += 1
            most.append(running)
            await asyncio.sleep(0.001)
            running -= 1

    async def main():
        await asyncio.gather(*(work() for _ in range(8)))

    asyncio.run(main())
    assert (max(most), len(most)) == (2, 8)


def test_a_task_is_refused_when_none_ends_in_time_or_is_waited_for():
    bulkhead = Bulkhead("weather", 1, wait_seconds=0.02)

    async def main():
        with bulkhead.place():
            async with bulkhead.aplace():
                pass

    with pytest.raises(BulkheadFull):
        asyncio.run(main())


@pytest.mark.parametrize(("most", "wait"), [(0, 0), (1, -1), (1, float("nan")), (1, float("inf"))])
def test_what_cannot_hold_is_refused(most, wait):
    with pytest.raises(ValueError, match="cannot run"):
        Bulkhead("weather", most, wait)
