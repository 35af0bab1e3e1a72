"""What `brightspot audit` does: verify the log, sign and anchor a checkpoint, or show the public key."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence

import msgspec

from brightspot.audit import Checkpoint, Entry, Trail, overdue, shared_trail
from brightspot.audit.signing import KeySigner, SigningSettings, configured_signer
from brightspot.audit.verification import Fault, verify
from brightspot.core.clock import SystemClock
from brightspot.core.errors import BrightspotError, SettingsError
from brightspot.core.settings import load
from brightspot.security.keys import KeySettings, configured_keys
from brightspot.store import StoreSettings
from brightspot_local.audit.anchors import Anchors, AnchorSettings, BucketAnchors, FolderAnchors

_BROKEN, _UNUSABLE = 1, 2


def audit(asked: argparse.Namespace) -> int:
    """0 when the log is whole or the work is done, 1 when it is broken, 2 when what was asked cannot be used."""
    try:
        if not load(StoreSettings).table_prefix:
            raise SettingsError("TABLE_PREFIX is not set: say which stack's audit log is meant")
        if asked.what == "checkpoint" and asked.every is not None:
            return watch(asked.every, lambda: _checkpoint(asked, shared_trail()), time.sleep)
        return {"verify": _verify, "checkpoint": _checkpoint}[asked.what](asked, shared_trail())
    except (BrightspotError, msgspec.DecodeError) as error:
        print(f"brightspot audit: {error}", file=sys.stderr)
        return _UNUSABLE


def watch(seconds: float, sign: Callable[[], int], wait: Callable[[float], None]) -> int:
    """Sign now and each so many seconds, until interrupted; what fails once is told and tried at the next time."""
    try:
        while True:
            try:
                sign()
            except BrightspotError as error:
                print(f"brightspot audit: {error}; again in {seconds:g} s", file=sys.stderr, flush=True)
            wait(seconds)
    except KeyboardInterrupt:
        return 0


def public_keys() -> int:
    """Print the key set that `verify` takes, of the private key in the environment."""
    try:
        print(json.dumps({"keys": [_signer().jwk]}, indent=2))
    except BrightspotError as error:
        print(f"brightspot audit: {error}", file=sys.stderr)
        return _UNUSABLE
    return 0


def _verify(asked: argparse.Namespace, trail: Trail) -> int:
    keys = configured_keys(KeySettings(file=str(asked.keys))) if asked.keys is not None else {}
    entries, checkpoints = list(trail.ledger.entries(asked.stream)), list(trail.ledger.checkpoints(asked.stream))
    anchors = _anchors(asked)
    anchored = [] if anchors is None else list(anchors.kept(asked.stream))
    if (checkpoints or anchored) and not keys:
        raise SettingsError("there are checkpoints: name the file of their public keys with --keys")
    faults = verify(asked.stream, entries, checkpoints, keys, anchored)
    if asked.within is not None and overdue(trail.ledger, asked.stream, SystemClock().now(), asked.within / 3600):
        covered = checkpoints[-1].statement.last if checkpoints else 0
        faults.append(Fault("overdue", covered + 1, f"it has waited for a checkpoint for more than {asked.within} s"))
    _tell(asked, entries, checkpoints, anchored, faults)
    return _BROKEN if faults else 0


def _tell(
    asked: argparse.Namespace,
    entries: Sequence[Entry],
    checkpoints: Sequence[Checkpoint],
    anchored: Sequence[Checkpoint],
    faults: Sequence[Fault],
) -> None:
    covered = checkpoints[-1].statement.last if checkpoints else 0
    told = {
        "stream": asked.stream,
        "entries": len(entries),
        "checkpoints": len(checkpoints),
        "anchored": len(anchored),
        "covered": covered,
        "faults": msgspec.to_builtins(faults),
    }
    if asked.json:
        print(json.dumps(told, indent=2))
        return
    for each in faults:
        print(f"{each.kind}  at {each.number}: {each.detail}")
    print(
        f"{asked.stream}: {len(entries)} entries, {len(checkpoints)} checkpoints over the first {covered}, "
        f"{len(anchored)} anchored; {f'{len(faults)} faults' if faults else 'whole'}"
    )


def _checkpoint(asked: argparse.Namespace, trail: Trail) -> int:
    """Anchors every checkpoint, so that one whose copy failed is made good by the next run."""
    made = trail.checkpoint(_signer(), asked.stream)
    told = "nothing new to sign" if made is None else f"signed up to entry {made.statement.last}: {made.statement.root}"
    print(told, flush=True)
    if (anchors := _anchors(asked)) is not None:
        for each in trail.ledger.checkpoints(asked.stream):
            anchors.keep(each)
    return 0


def _anchors(asked: argparse.Namespace) -> Anchors | None:
    if asked.anchors is not None:
        return FolderAnchors(asked.anchors)
    settings = load(AnchorSettings)
    return BucketAnchors(settings, load(StoreSettings)) if settings.bucket else None


def _signer() -> KeySigner:
    signer = configured_signer(load(SigningSettings))
    if signer is None:
        raise SettingsError("AUDIT_SIGNING_KEY or AUDIT_SIGNING_KEY_FILE is not set: there is no key to sign with")
    return signer
