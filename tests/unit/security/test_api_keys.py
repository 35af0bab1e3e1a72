"""What a process remembers of API keys: five minutes, some hundred of them, and never longer than a key lasts."""

import pytest

from brightspot.security import HELD_SECONDS, ApiKeys, KeyRefused, KeyUnchecked, KnownKey, key_sent, new_key

ID, OTHER = "01ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FAW"


class Table:
    def __init__(self):
        self.keys, self.asked, self.is_away = {}, [], False

    def add(self, shown, expires_at=2e9, scopes=("read",)):
        self.keys[shown.id] = KnownKey(shown.id, "ada", "adas", shown.digest, scopes, expires_at)

    def find(self, key_id):
        self.asked.append(key_id)
        if self.is_away:
            raise KeyUnchecked
        return self.keys.get(key_id)


@pytest.fixture
def table():
    return Table()


@pytest.fixture
def keys(table, clock):
    return ApiKeys(table.find, clock)


@pytest.fixture
def shown(table):
    made = new_key(ID)
    table.add(made)
    return made


def test_the_holder_is_who_the_table_says(keys, shown):
    caller = keys.found(shown)
    assert (caller.subject, caller.tenant, caller.level, caller.key, caller.session) == ("ada", "adas", "read", ID, ID)


def test_it_is_held_for_five_minutes(keys, shown, table, clock):
    assert keys.held(shown) is None
    keys.found(shown)
    clock.advance(seconds=HELD_SECONDS - 1)
    assert keys.held(shown) == keys.found(shown)
    clock.advance(seconds=HELD_SECONDS)
    assert keys.held(shown) is None


def test_a_held_key_ends_at_its_time(keys, table, clock):
    shown = new_key(ID)
    table.add(shown, expires_at=clock.now().timestamp() + 60)
    keys.found(shown)
    clock.advance(seconds=60)
    with pytest.raises(KeyRefused):
        keys.held(shown)
    with pytest.raises(KeyRefused):
        keys.found(shown)


def test_another_secret_is_refused_by_the_table_and_by_memory(keys, shown, table):
    guess = new_key(ID)
    with pytest.raises(KeyRefused):
        keys.found(guess)
    assert keys.held(shown) is None  # what was refused is not remembered
    keys.found(shown)
    with pytest.raises(KeyRefused):
        keys.held(guess)
    assert keys.held(shown) is not None


def test_what_the_table_does_not_know_is_refused_and_what_it_forgets_is_forgotten(keys, shown, table):
    with pytest.raises(KeyRefused):
        keys.found(new_key(OTHER))
    keys.found(shown)
    del table.keys[ID]
    with pytest.raises(KeyRefused):
        keys.found(shown)


def test_a_table_that_is_away_is_no_refusal(keys, shown, table):
    table.is_away = True
    with pytest.raises(KeyUnchecked):
        keys.found(shown)


def test_some_hundred_keys_are_held_and_the_longest_unasked_goes(keys, table):
    made = [new_key(f"{number:026}") for number in range(257)]
    for each in made:
        table.add(each)
        keys.found(each)
    assert keys.held(made[0]) is None
    assert keys.held(made[1]) is not None
    assert keys.held(made[256]) is not None


def test_a_use_is_noted_once_a_minute(keys, shown, clock):
    assert keys.to_note(ID) is None  # nobody has shown it here
    keys.found(shown)
    first = keys.to_note(ID)
    assert first == int(clock.now().timestamp())
    clock.advance(seconds=59)
    keys.found(shown)
    assert keys.to_note(ID) is None
    clock.advance(seconds=1)
    assert keys.to_note(ID) == first + 60


@pytest.mark.parametrize(
    ("authorization", "api_key", "sent"),
    [
        (None, None, None),
        (None, "anything", "anything"),
        ("Bearer bs_x", None, "bs_x"),
        ("bearer bs_x", None, "bs_x"),
        ("Basic bs_x", None, None),
        ("Bearer eyJ", None, None),
        ("Bearer bsr_x", None, None),
        ("Bearer", None, None),
        ("Bearer eyJ", "bs_x", "bs_x"),
    ],
)
def test_a_key_comes_in_either_header(authorization, api_key, sent):
    assert key_sent(authorization, api_key) == sent


def test_a_known_key_is_told_without_its_digest(shown, table):
    assert shown.digest not in repr(table.keys[ID])
