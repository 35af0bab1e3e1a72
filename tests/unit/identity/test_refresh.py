"""Refresh tokens: whatever clients and thieves do, a token works once, and its session ends when it was used twice."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from brightspot.identity.errors import SessionRefused
from brightspot.identity.model import Account
from brightspot.identity.refresh import RefreshToken, first_token, judge, new_nonce, read_token
from tests.conftest import HandClock
from tests.unit.identity.conftest import World

SESSION = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
ADA = Account("01ARZ3NDEKTSV4RRFFQ69G5FAA", "ada@example.org", "-", ("read", "write"), "t1", 0.0)


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=32, max_size=32))
def test_a_token_is_read_back_as_what_it_was(tag, secret):
    token = RefreshToken(SESSION, tag, secret)
    assert read_token(token.text) == token


@given(st.text(max_size=120) | st.from_regex(r"bsr_[0-9A-Z]{26}[A-Za-z0-9_-]{65}", fullmatch=True))
def test_any_other_text_is_refused_and_what_is_accepted_has_one_spelling(text):
    try:
        token = read_token(text)
    except SessionRefused:
        return
    assert token.text == text


def test_a_token_shows_nothing_of_itself_in_logs():
    token = first_token(SESSION)
    assert repr(token) == f"RefreshToken(session='{SESSION}')"


def test_the_successor_needs_both_the_token_and_the_nonce():
    token, nonce = first_token(SESSION), new_nonce()
    assert token.successor(nonce) == token.successor(nonce)
    others = {token.successor(new_nonce()).secret, first_token(SESSION).successor(nonce).secret, token.secret}
    assert token.successor(nonce).secret not in others


def test_no_session_knows_no_token():
    assert judge(None, first_token(SESSION), 0, 30) == "refused"


def test_a_racing_client_is_given_the_same_successor(world):
    first = world.login.start(ADA, "test")
    world.accounts.add(ADA)
    once, again = world.login.refresh(first.refresh_token), world.login.refresh(first.refresh_token)
    assert once.refresh_token == again.refresh_token != first.refresh_token
    assert not world.revoked


def test_after_the_grace_an_old_token_ends_its_session(world):
    world.accounts.add(ADA)
    first = world.login.start(ADA, "test")
    second = world.login.refresh(first.refresh_token)
    world.clock.advance(seconds=31)
    for each in (first, second):
        with pytest.raises(SessionRefused):
            world.login.refresh(each.refresh_token)
    assert world.revoked == [first.session]


def test_a_token_two_behind_ends_its_session_within_the_grace_too(world):
    world.accounts.add(ADA)
    first = world.login.start(ADA, "test")
    world.login.refresh(world.login.refresh(first.refresh_token).refresh_token)
    with pytest.raises(SessionRefused):
        world.login.refresh(first.refresh_token)
    assert world.revoked == [first.session]


def test_a_guess_at_a_session_ends_nothing(world):
    world.accounts.add(ADA)
    first = world.login.start(ADA, "test")
    with pytest.raises(SessionRefused):
        world.login.refresh(first_token(first.session).text)
    assert world.login.log_out(first_token(first.session).text).ended == 0
    assert world.login.refresh(first.refresh_token).session == first.session


def test_a_session_ends_at_its_time_however_often_it_is_refreshed(world):
    world.accounts.add(ADA)
    tokens = world.login.start(ADA, "test")
    for _ in range(29):
        world.clock.advance(seconds=86_400)
        tokens = world.login.refresh(tokens.refresh_token)
    world.clock.advance(seconds=86_400)
    with pytest.raises(SessionRefused):
        world.login.refresh(tokens.refresh_token)


class Family(RuleBasedStateMachine):
    """One session, its tokens in order, and a model of which may be used."""

    def __init__(self):
        super().__init__()
        self.world = World(HandClock())
        self.world.accounts.add(ADA)
        self.tokens = [self.world.login.start(ADA, "test").refresh_token]
        self.rotated_at = None
        self.ended = False

    def now(self):
        return self.world.clock.monotonic()

    def outcome(self, token):
        try:
            return self.world.login.refresh(token).refresh_token
        except SessionRefused:
            return None

    @rule(seconds=st.sampled_from([1, 29, 30, 31, 3600]))
    def time_passes(self, seconds):
        self.world.clock.advance(seconds=seconds)

    @rule()
    def the_newest_is_used(self):
        given_next = self.outcome(self.tokens[-1])
        assert (given_next is None) is self.ended
        if given_next is not None:
            assert given_next not in self.tokens
            self.tokens.append(given_next)
            self.rotated_at = self.now()

    @precondition(lambda self: len(self.tokens) > 1)
    @rule(data=st.data())
    def an_old_one_is_used(self, data):
        at = data.draw(st.integers(0, len(self.tokens) - 2))
        in_grace = at == len(self.tokens) - 2 and self.now() - self.rotated_at <= 30
        told = self.outcome(self.tokens[at])
        if self.ended or not in_grace:
            assert told is None
            self.ended = True
        else:
            assert told == self.tokens[-1]

    @rule()
    def a_guess_is_used(self):
        session = read_token(self.tokens[0]).session
        assert self.outcome(first_token(session).text) is None

    @rule()
    def its_holder_logs_out(self):
        assert self.world.login.log_out(self.tokens[-1]).ended == int(not self.ended)
        self.ended = True

    @invariant()
    def an_ended_session_is_revoked_once(self):
        assert len(self.world.revoked) == int(self.ended)


Family.TestCase.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
TestFamily = Family.TestCase
