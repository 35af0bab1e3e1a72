"""Streams with checkpoints, made for tests."""

from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as p256
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from brightspot.audit.ledger import MemoryLedger
from brightspot.audit.signing import KeySigner
from brightspot.audit.trail import ADMIN, Actor, Trail
from brightspot.core.codec import dumps
from brightspot.security.keys import KeySettings, configured_keys

ADA = Actor("ada", "shared", "192.0.2.1", "request-1")
SIGNERS = {"EdDSA": KeySigner(Ed25519PrivateKey.generate()), "ES256": KeySigner(p256(SECP256R1()))}
SIGNER = SIGNERS["EdDSA"]
OTHERS = KeySigner(Ed25519PrivateKey.generate())


def keys(*signers):
    return configured_keys(KeySettings(text=dumps({"keys": [each.jwk for each in signers or (SIGNER,)]}).decode()))


def trail_of(clock, sizes, signer=SIGNER, rest=0):
    """A trail with a checkpoint after each of these numbers of entries, and some entries after the last."""
    trail = Trail(MemoryLedger(), clock)
    for size in sizes:
        act(trail, clock, size)
        assert trail.checkpoint(signer) is not None
    act(trail, clock, rest)
    return trail


def act(trail, clock, times):
    for number in range(times):
        clock.advance(seconds=timedelta(minutes=1).total_seconds())
        trail.record(ADA, "cache.clear", f"namespace-{number}", "done", {"tag": "st:MN"})


def stored(trail):
    return [*trail.ledger.entries(ADMIN)], [*trail.ledger.checkpoints(ADMIN)]
