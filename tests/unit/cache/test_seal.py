"""Entries as they leave a process: smaller where that helps, and for nobody without the key to read, move or change."""

import base64
import logging
import tracemalloc
from random import Random

import pytest
from backports import zstd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brightspot.cache.envelope import AES_GCM, ZSTD, Envelope, read
from brightspot.cache.keyring import KeyRing, key_ring
from brightspot.cache.seal import Seal
from brightspot.core.errors import SettingsError

NAME = "bs:{analysis}:k"
OLD, NEW = b"o" * 32, b"n" * 16
KEY = base64.b64encode(OLD).decode()

payloads = st.one_of(st.binary(max_size=200), st.binary(min_size=1, max_size=60).map(lambda part: part * 100))
entries = st.builds(
    lambda payload, tags, at: Envelope(at, at + 1, at + 2, tags, payload),
    payloads,
    st.sampled_from([(), ("state:MN",), ("state:MN", "zip:55901")]),
    st.floats(0, 4e9),
)


def entry(payload=b"x" * 5000):
    return Envelope(1.0, 2.0, 3.0, ("state:MN",), payload)


def flags(sealed):
    return read(sealed.data).flags


@given(entry=entries, threshold=st.sampled_from([0, 1, 1024]), encrypted=st.booleans(), compress=st.booleans())
def test_an_entry_reads_as_it_was_written(entry, threshold, encrypted, compress):
    seal = Seal(threshold=threshold, ring=KeyRing({"k": OLD}) if encrypted else None)
    sealed = seal.pack(NAME, entry, compress=compress)
    assert seal.unpack(NAME, sealed.data) == entry
    assert sealed.saved >= 0
    assert encrypted or len(sealed.data) == len(entry.pack()) - sealed.saved


def test_only_what_is_large_enough_and_gets_smaller_is_compressed():
    noise = Random(1).randbytes(3000)
    assert flags(Seal().pack(NAME, entry(b"x" * 1023))) == 0
    assert flags(Seal().pack(NAME, entry(b"x" * 1024))) == ZSTD
    assert flags(Seal().pack(NAME, entry(), compress=False)) == 0
    assert flags(Seal(threshold=0).pack(NAME, entry())) == 0
    assert (flags(Seal().pack(NAME, entry(noise))), Seal().pack(NAME, entry(noise)).saved) == (0, 0)


def test_what_another_process_wrote_by_another_threshold_is_read():
    assert Seal(threshold=0).unpack(NAME, Seal().pack(NAME, entry()).data) == entry()


def test_neither_payload_nor_key_can_be_seen_but_tags_and_times_can():
    sealed = Seal(ring=KeyRing({"k": OLD})).pack(NAME, entry(b"a secret"))
    assert b"secret" not in sealed.data
    assert OLD not in sealed.data
    found = read(sealed.data)
    assert (found.flags, found.envelope.tags, found.envelope.hard) == (AES_GCM, ("state:MN",), 3.0)


def test_the_same_entry_is_never_encrypted_to_the_same_bytes():
    seal = Seal(ring=KeyRing({"k": OLD}))
    assert len({seal.pack(NAME, entry()).data for _ in range(50)}) == 50


def test_rotation_old_keys_decrypt_the_first_encrypts_and_a_key_that_is_gone_is_a_miss(tampered):
    before, during, after = (
        Seal(ring=key_ring(text, "KEYS"))
        for text in (f"a:{KEY}", f"b:{base64.b64encode(NEW).decode()},a:{KEY}", f"b:{base64.b64encode(NEW).decode()}")
    )
    old, new = before.pack(NAME, entry()).data, during.pack(NAME, entry()).data
    assert [each.unpack(NAME, old) for each in (before, during, after)] == [entry(), entry(), None]
    assert [each.unpack(NAME, new) for each in (before, during, after)] == [None, entry(), entry()]
    assert Seal().unpack(NAME, old) is None
    assert tampered == []


def test_an_entry_under_another_name_is_a_miss_and_one_event_without_contents(tampered):
    seal = Seal(ring=KeyRing({"k": OLD}))
    data = seal.pack("bs:{analysis}:victim", entry(b"a secret")).data
    assert seal.unpack("bs:{analysis}:mine", data) is None
    assert [record.namespace for record in tampered] == ["analysis"]
    assert "secret" not in str(vars(tampered[0]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entry=entries, at=st.integers(0), flip=st.integers(1, 255), compress=st.booleans())
def test_no_byte_of_it_can_be_changed(tampered, entry, at, flip, compress):
    seal = Seal(threshold=1, ring=KeyRing({"k": OLD}))
    data = bytearray(seal.pack(NAME, entry, compress=compress).data)
    data[at % len(data)] ^= flip
    assert seal.unpack(NAME, bytes(data)) is None


@pytest.mark.parametrize("at", [2, 10, 18, 30])  # created, soft and hard expiry, a tag
def test_times_and_tags_that_were_changed_are_told_as_tampering(tampered, at):
    seal = Seal(ring=KeyRing({"k": OLD}))
    data = bytearray(seal.pack(NAME, entry()).data)
    data[at] ^= 1
    assert seal.unpack(NAME, bytes(data)) is None
    assert len(tampered) == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entry=entries, length=st.integers(0))
def test_a_part_of_it_is_a_miss(tampered, entry, length):
    for seal in (Seal(threshold=1, ring=KeyRing({"k": OLD})), Seal(threshold=1)):
        sealed = seal.pack(NAME, entry).data
        part = seal.unpack(NAME, sealed[: length % len(sealed)])
        assert part is None or part.payload != entry.payload


def test_with_keys_what_anybody_could_have_written_is_a_miss_unless_accepted(tampered):
    ring, plain = KeyRing({"k": OLD}), Seal(threshold=0).pack(NAME, entry()).data
    compressed = Seal().pack(NAME, entry()).data
    assert [Seal(ring=ring).unpack(NAME, each) for each in (plain, compressed)] == [None, None]
    accepting = Seal(ring=ring, accepts_plain=True)
    assert [accepting.unpack(NAME, each) for each in (plain, compressed)] == [entry(), entry()]
    assert flags(accepting.pack(NAME, entry())) == ZSTD | AES_GCM
    assert tampered == []


def test_a_bomb_is_a_miss_and_not_unpacked():
    bomb = zstd.compress(b"\0" * (1 << 28))
    packed = entry(b"").head(ZSTD) + bomb
    tracemalloc.start()
    try:
        assert Seal().unpack(NAME, packed) is None
        assert tracemalloc.get_traced_memory()[1] < 1 << 26
    finally:
        tracemalloc.stop()


def test_a_value_as_large_as_is_compressed_comes_back_and_a_larger_one_is_stored_as_it_is():
    most = 1 << 24
    for size, expected in ((most, ZSTD), (most + 1, 0)):
        sealed = Seal().pack(NAME, entry(b"\1" * size))
        assert flags(sealed) == expected
        assert len(Seal().unpack(NAME, sealed.data).payload) == size


@given(st.binary(max_size=200), st.sampled_from([ZSTD, AES_GCM, ZSTD | AES_GCM]))
def test_foreign_bytes_are_a_miss_and_never_an_error(data, flag):
    packed = entry(b"").head(flag) + data
    for seal in (Seal(), Seal(ring=KeyRing({"k": OLD}))):
        found = seal.unpack(NAME, packed)
        assert found is None or zstd.compress(found.payload)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("secretkey", "entry 1 is not id:base64"),
        (f"a:{KEY},{KEY}", "entry 2 is not id:base64"),
        (f"a b:{KEY}", "entry 1 is not id:base64"),
        (f"{'x' * 33}:{KEY}", "entry 1 is not id:base64"),
        (f":{KEY}", "entry 1 is not id:base64"),
        (f"a:{KEY},", "entry 2 is not id:base64"),
        (f"a:{KEY},a:{KEY}", "the id a is there twice"),
        ("a:???secret", "the key a is not base64"),
        (f"a:{base64.b64encode(b'secret-of-20-bytes!!').decode()}", "the key a has 20 bytes: send 16, 24 or 32"),
        ("a:", "the key a has 0 bytes"),
    ],
)
def test_keys_that_cannot_be_used_are_refused_without_being_shown(text, told):
    with pytest.raises(SettingsError) as refused:
        key_ring(text, "CACHE_ENCRYPTION_KEYS")
    assert str(refused.value).startswith("CACHE_ENCRYPTION_KEYS: ")
    assert told in str(refused.value)
    assert all(part not in str(refused.value) for part in (KEY, "secret"))
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("size", [16, 24, 32])
def test_keys_of_each_length_serve(size):
    seal = Seal(ring=key_ring(f" id-1.a_B:{base64.b64encode(b'k' * size).decode()} ", "KEYS"))
    assert seal.unpack(NAME, seal.pack(NAME, entry()).data) == entry()


@pytest.fixture
def tampered():
    """The records of the events so far."""
    seen = []

    class Keep(logging.Handler):
        def emit(self, record):
            if record.getMessage() == "cache_entry_tampered":
                seen.append(record)

    logger, keep = logging.getLogger("brightspot.cache.seal"), Keep()
    logger.addHandler(keep)
    yield seen
    logger.removeHandler(keep)
