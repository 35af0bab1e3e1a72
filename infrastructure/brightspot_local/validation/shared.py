"""What all instances share: Valkey, and the keys that tokens are checked with."""

from pathlib import Path

from brightspot.core.clock import SystemClock
from brightspot.core.ids import new_id
from brightspot.core.settings import load
from brightspot.security import (
    AccessSettings,
    KeySettings,
    TokenRefused,
    TokenSettings,
    TokenVerifier,
    configured_keys,
)
from brightspot.valkey import ValkeySettings, connect
from brightspot_local.validation.verdict import NotWell, Off, Verdict, judged

_KEY = "bs:{validate}:probe"
_LIFE_MS = 5000


def verdicts(data: Path) -> list[Verdict]:
    """Valkey, the configured keys, and the administrator's token in the data folder."""
    return [judged("valkey", _valkey), judged("keys", _keys), judged("admin token", lambda: _token(data))]


def _valkey() -> str:
    settings = load(ValkeySettings)
    store = connect(settings, SystemClock())
    if store is None:
        raise Off("neither REDIS_URL nor REDIS_HOST is set: each process caches, limits and counts for itself")
    try:
        written = new_id(SystemClock().now())
        store.call("SET", _KEY, written, "PX", _LIFE_MS)
        if store.call("GET", _KEY) != written.encode():
            raise NotWell("it does not give back what it was given")
    finally:
        store.close()
    return "writes and reads back"


def _keys() -> str:
    keys, access = configured_keys(load(KeySettings)), load(AccessSettings)
    mode = "every route but the public ones needs a token" if access.required else "reads and writes need no token"
    if not keys:
        raise Off(f"neither JWT_PUBLIC_KEYS nor JWT_PUBLIC_KEYS_FILE is set: every token is refused; {mode}")
    return f"{len(keys)} public ({', '.join(sorted({each.algorithm for each in keys.values()}))}); {mode}"


def _token(data: Path) -> str:
    file, jwks = data / "admin-token", data / "keys" / "jwks.json"
    if not file.exists():
        raise Off(f"{file} is not there: `brightspot dev` makes it")
    keys = configured_keys(KeySettings(file=str(jwks)))
    verifier = TokenVerifier(lambda: keys, load(TokenSettings), SystemClock())
    try:
        caller = verifier.verify(file.read_text(encoding="ascii", errors="replace").strip())
    except TokenRefused as refused:
        raise NotWell(f"{file} is refused ({refused.reason}): `brightspot dev` makes a new one") from refused
    if not caller.may("admin"):
        raise NotWell(f"{file} is no administrator's")
    return f"{file} is accepted by {jwks}"
