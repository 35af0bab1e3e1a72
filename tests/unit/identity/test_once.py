"""One idempotency key makes one account or one API key, and shows its answer again to nobody but who sent it."""

import threading

import pytest

from brightspot.core.errors import InputRefused
from brightspot.identity.errors import EmailTaken
from brightspot.identity.once import BeingDone, KeyOfAnother

EMAIL, PASSWORD = "ada@example.org", "correct horse battery"
KEY, OTHER_KEY = "0b9f5f0e-6f4e-4a57-9d0c-0a5b0c1d2e3f", "another-key-of-hers"
HOUR = 3600


@pytest.fixture
def sign_up(world):
    def send(email=EMAIL, password=PASSWORD, key=KEY):
        return world.service.sign_up(email, password, "a browser", key)

    return send


@pytest.fixture
def ada(world):
    return world.caller(world.service.sign_up(EMAIL, PASSWORD, "a browser"))


def test_the_same_again_is_answered_the_same_and_makes_one_account_and_one_session(world, sign_up):
    first = sign_up()
    world.clock.advance(seconds=HOUR)
    assert sign_up() == first
    assert sign_up(" Ada@Example.org ") == first  # the same address
    assert len(world.accounts._by_id) == len(world.sessions._sessions) == 1


@pytest.mark.parametrize("change", [{"email": "bob@example.org"}, {"password": PASSWORD + "!"}])
def test_something_else_under_the_key_is_refused_and_makes_nothing(world, sign_up, change):
    sign_up()
    with pytest.raises(KeyOfAnother, match="this key stands for another request"):
        sign_up(**change)
    assert len(world.accounts._by_id) == 1


def test_another_key_is_another_request(world, sign_up):
    sign_up()
    with pytest.raises(EmailTaken):
        sign_up(key=OTHER_KEY)
    assert sign_up("bob@example.org", key=OTHER_KEY)


def test_what_is_refused_takes_no_key(world, sign_up):
    for bad in ({"email": "nobody"}, {"password": "short"}):
        with pytest.raises(InputRefused):
            sign_up(**bad)
    assert world.claims._claims == {}
    assert sign_up()


def test_a_key_is_kept_for_a_day(world, sign_up):
    sign_up()
    world.clock.advance(seconds=24 * HOUR)
    with pytest.raises(EmailTaken):
        sign_up()


def test_neither_password_nor_key_nor_tokens_are_kept_in_clear(world, sign_up):
    first = sign_up()
    ((claim, _),) = world.claims._claims.values()
    kept = f"{claim} {claim.answer}"
    for secret in (PASSWORD, KEY, EMAIL, first.access_token, first.refresh_token):
        assert secret not in kept


def test_while_the_first_is_worked_on_the_second_is_told_to_come_again(world, sign_up, monkeypatch):
    told = []
    begin = world.login.start

    def meanwhile(account, client):
        monkeypatch.setattr(world.login, "start", begin)
        with pytest.raises(BeingDone) as refused:
            sign_up()
        told.append(str(refused.value))
        return begin(account, client)

    monkeypatch.setattr(world.login, "start", meanwhile)
    first = sign_up()
    assert told == ["a request with this Idempotency-Key is being worked on; send it again in a moment"]
    assert sign_up() == first


def test_what_was_left_half_done_is_finished_by_who_can_prove_to_have_begun_it(world, sign_up, monkeypatch):
    begin = world.login.start
    monkeypatch.setattr(world.login, "start", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        sign_up()
    monkeypatch.setattr(world.login, "start", begin)
    with pytest.raises(BeingDone):
        sign_up()
    world.clock.advance(seconds=61)
    with pytest.raises(KeyOfAnother):
        sign_up(password=PASSWORD + "!")
    assert sign_up() == sign_up()
    assert len(world.accounts._by_id) == 1


def test_many_at_once_make_one_account(world, sign_up):
    answers, gate = [], threading.Barrier(6)

    def send():
        gate.wait()
        try:
            answers.append(sign_up())
        except BeingDone:
            answers.append(None)

    threads = [threading.Thread(target=send) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    made = {each.session for each in answers if each is not None}
    assert len(answers) == 6
    assert len(made) == 1
    assert len(world.accounts._by_id) == 1


def test_one_key_makes_one_api_key_which_is_shown_again(world, ada):
    first = world.machines.create(ada, "nightly", ("read",), 90, KEY)
    world.clock.advance(seconds=HOUR)
    assert world.machines.create(ada, "nightly", ("read",), 90, KEY) == first
    assert world.machines.token(first.key)
    assert len(world.machines.listed(ada).keys) == 1
    for other in (("weekly", ("read",), 90), ("nightly", ("read", "write"), 90), ("nightly", ("read",), 30)):
        with pytest.raises(KeyOfAnother):
            world.machines.create(ada, *other, KEY)
    ((claim, _),) = world.claims._claims.values()
    assert first.key[29:] not in f"{claim} {claim.answer}"


def test_a_key_of_one_account_is_not_one_of_another(world, ada):
    bob = world.caller(world.service.sign_up("bob@example.org", PASSWORD, "c"))
    one, other = (world.machines.create(each, "nightly", ("read",), 90, KEY) for each in (ada, bob))
    assert one.id != other.id


def test_an_api_key_that_nobody_was_shown_is_replaced(world, ada, monkeypatch):
    keep = world.claims.answer
    monkeypatch.setattr(world.claims, "answer", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        world.machines.create(ada, "nightly", ("read",), 90, KEY)
    monkeypatch.setattr(world.claims, "answer", keep)
    with pytest.raises(BeingDone):
        world.machines.create(ada, "nightly", ("read",), 90, KEY)
    world.clock.advance(seconds=61)
    shown = world.machines.create(ada, "nightly", ("read",), 90, KEY)
    assert [each.id for each in world.machines.listed(ada).keys] == [shown.id]
    assert world.machines.token(shown.key)
