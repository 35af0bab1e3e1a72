"""The keys that tokens are checked with: a JSON Web Key Set of public ones (RFC 7517), and a shared secret if set."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from brightspot.core.errors import SettingsError
from brightspot.core.settings import setting
from brightspot.security.curves import usable_ed25519, usable_p256
from brightspot.security.strict import from_base64url, json_object, to_base64url

Algorithm = Literal["EdDSA", "ES256", "HS256"]

_TEXT = "JWT_PUBLIC_KEYS"
_FILE = "JWT_PUBLIC_KEYS_FILE"
_SECRET = "JWT_SECRET"  # noqa: S105  # nosec B105  # a variable's name
_LEAST_SECRET_BYTES = 32  # RFC 7518, section 3.2: as long as the hash
_MOST_BYTES = 65_536
_MOST_KEYS = 32
_MOST_ID = 128
_COORDINATE_BYTES = 32
# The members that hold secrets (RFC 7518, sections 6.2.2, 6.3.2 and 6.4; RFC 8037, section 2).
_SECRETS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


@dataclass(frozen=True, slots=True)
class KeySettings:
    """Where the keys are. Without any of these variables there are none, and every token is refused."""

    text: str = setting(_TEXT, "", "JSON Web Key Set of the public keys (Ed25519, P-256) that tokens are checked with")
    file: str = setting(_FILE, "", "path of a file with that key set; JWT_PUBLIC_KEYS, if set too, must say the same")
    secret: str = setting(_SECRET, "", "at least 32 bytes: tokens are then signed with it (HS256)", secret=True)


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """One key. `algorithm` is its only one.

    `material` is Ed25519's 32 bytes, x || y of P-256, 32 bytes each, or the secret of HS256.
    """

    kid: str
    algorithm: Algorithm
    material: bytes = field(repr=False)


Keys = Mapping[str, VerifyingKey]
_KINDS: dict[tuple[str, str], tuple[Algorithm, tuple[str, ...], Callable[[bytes], bool]]] = {
    ("OKP", "Ed25519"): ("EdDSA", ("x",), usable_ed25519),
    ("EC", "P-256"): ("ES256", ("x", "y"), usable_p256),
}


def configured_keys(settings: KeySettings) -> Keys:
    """The keys by their id.

    Raises SettingsError, naming the variable and the key's place but no content, when the set cannot be used as it is:
    every key must be a public signature key with an id of its own.
    """
    said: list[Keys] = []
    if settings.text:
        # The environment may hold bytes that are not UTF-8; as such they are refused below.
        said.append(_key_set(settings.text.encode(errors="surrogateescape"), _TEXT))
    if settings.file:
        said.append(_key_set(_read(settings.file), _FILE))
    if any(each != said[0] for each in said):
        raise SettingsError(f"{_TEXT} and {_FILE} hold different keys; set one of them")
    keys = said[0] if said else {}
    shared = shared_secret(settings)
    return keys if shared is None else {**keys, shared.kid: shared}


def shared_secret(settings: KeySettings) -> VerifyingKey | None:
    """The key of HS256 when JWT_SECRET is set. Raises SettingsError, without its content, when it is too short."""
    secret = settings.secret.encode(errors="surrogateescape")
    if not secret:
        return None
    if len(secret) < _LEAST_SECRET_BYTES:
        raise SettingsError(f"{_SECRET}: send at least {_LEAST_SECRET_BYTES} random bytes; it has {len(secret)}")
    # The id changes with the secret and tells no more of it than a signature does.
    kid = to_base64url(hmac.digest(secret, b"brightspot kid", "sha256"))[:16]
    return VerifyingKey(f"hs256-{kid}", "HS256", secret)


def public_key_set(keys: Keys) -> dict[str, list[dict[str, str]]]:
    """The public ones of the keys as a JSON Web Key Set, for whoever checks our tokens elsewhere."""
    return {"keys": [_jwk(each) for each in keys.values() if each.algorithm != "HS256"]}


def _jwk(key: VerifyingKey) -> dict[str, str]:
    kty, crv = next(kind for kind, (algorithm, _, _) in _KINDS.items() if algorithm == key.algorithm)
    names = _KINDS[kty, crv][1]
    parts = {
        name: to_base64url(key.material[at * _COORDINATE_BYTES : (at + 1) * _COORDINATE_BYTES])
        for at, name in enumerate(names)
    }
    return {"kty": kty, "crv": crv, **parts, "kid": key.kid, "alg": key.algorithm, "use": "sig"}


def _read(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return file.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a path that holds a NUL
        why = getattr(error, "strerror", None) or "not a path"
        raise SettingsError(f"{_FILE}={path!r}: cannot be read ({why})") from error


def _key_set(data: bytes, variable: str) -> Keys:
    if len(data) > _MOST_BYTES:
        raise SettingsError(f"{variable}: send at most {_MOST_BYTES} bytes")
    try:
        members = json_object(data).get("keys")
    except ValueError:
        # Not chained: the cause holds the text, which may be a private key sent by mistake.
        raise SettingsError(f'{variable}: send a JSON Web Key Set: {{"keys": [...]}}, no member twice') from None
    if not isinstance(members, list) or not 1 <= len(members) <= _MOST_KEYS:
        raise SettingsError(f'{variable}: "keys" must list 1 to {_MOST_KEYS} keys')
    made: dict[str, VerifyingKey] = {}
    for place, member in enumerate(members):
        key = _key(member, f"{variable}: keys[{place}]")
        if key.kid in made:
            raise SettingsError(f"{variable}: keys[{place}] has the kid of a key before it")
        made[key.kid] = key
    return made


def _key(member: Any, where: str) -> VerifyingKey:
    if not isinstance(member, dict):
        raise SettingsError(f"{where} is not a JSON object")
    if not _SECRETS.isdisjoint(member):
        raise SettingsError(f"{where} is a private or symmetric key; only public keys belong here")
    kid = member.get("kid")
    if not isinstance(kid, str) or not 1 <= len(kid) <= _MOST_ID:
        raise SettingsError(f"{where} needs a kid: text of 1 to {_MOST_ID} characters")
    kty, crv = member.get("kty"), member.get("crv")
    if not isinstance(kty, str) or not isinstance(crv, str) or (kty, crv) not in _KINDS:
        raise SettingsError(f"{where} must be of kty OKP and crv Ed25519, or of kty EC and crv P-256")
    algorithm, names, usable = _KINDS[kty, crv]
    if member.get("alg", algorithm) != algorithm:
        raise SettingsError(f"{where}: alg of such a key must be {algorithm} or absent")
    _check_use(member, where)
    material = b"".join(_coordinate(member, name, where) for name in names)
    if not usable(material):
        raise SettingsError(f"{where} is not a usable point of {member['crv']}")
    return VerifyingKey(kid, algorithm, material)


def _check_use(member: dict[str, Any], where: str) -> None:
    if member.get("use", "sig") != "sig":
        raise SettingsError(f"{where}: use must be sig or absent")
    operations = member.get("key_ops", ["verify"])
    if not isinstance(operations, list) or "verify" not in operations:
        raise SettingsError(f"{where}: key_ops must include verify or be absent")


def _coordinate(member: dict[str, Any], name: str, where: str) -> bytes:
    text = member.get(name)
    try:
        data = from_base64url(text) if isinstance(text, str) else b""
    except ValueError:
        data = b""
    if len(data) != _COORDINATE_BYTES:
        raise SettingsError(f"{where}: {name} must be {_COORDINATE_BYTES} bytes in base64url without padding")
    return data
