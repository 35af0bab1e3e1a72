"""A rest after failures: who may find out, and how long the others pass by."""

import threading

import pytest

from brightspot.core.rest import Rest


@pytest.fixture
def rest(clock):
    return Rest(clock)


def test_what_never_failed_never_rests(rest):
    assert rest.admits()
    assert rest.failures == 0
    assert rest.succeeded() == 0


def test_rests_grow_to_five_seconds_and_no_further(rest):
    assert [rest.failed() for _ in range(6)] == [0.5, 1.0, 2.0, 5.0, 5.0, 5.0]


def test_one_call_finds_out_after_each_rest_and_the_others_pass_by(rest, clock):
    rest.failed()
    clock.advance(seconds=0.49)
    assert not rest.admits()
    clock.advance(seconds=0.02)
    assert [rest.admits() for _ in range(3)] == [True, False, False]


def test_the_call_that_finds_out_may_never_come_back(rest, clock):
    rest.failed()
    clock.advance(seconds=0.5)
    assert rest.admits()
    clock.advance(seconds=0.5)
    assert rest.admits()


def test_a_success_ends_the_rest_and_tells_how_many_failed_before_it(rest):
    for _ in range(3):
        rest.failed()
    assert rest.succeeded() == 3
    assert rest.admits()
    assert rest.failed() == 0.5


def test_of_many_threads_one_finds_out(rest, clock):
    rest.failed()
    clock.advance(seconds=1)
    admitted, ready = [], threading.Barrier(8)

    def ask():
        ready.wait()
        admitted.append(rest.admits())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert admitted.count(True) == 1
