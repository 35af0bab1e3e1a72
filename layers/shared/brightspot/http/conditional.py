"""Validators (RFC 9110 §8.8, §13.1.2): the entity tag of a body, and whether `If-None-Match` names it."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Collection
from hashlib import sha256
from typing import Any, Final

from brightspot.core import codec

# Compiled by the first request that needs them (`re` remembers): a cold start does without.
_TAG: Final = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_TAGS: Final = rf"[ \t,]*{_TAG}(?:[ \t]*,[ \t,]*{_TAG})*[ \t,]*"
_OPAQUE: Final = r'"[^"]*"'
_HASH_BYTES: Final = 16


def entity_tag(body: bytes, ages: Collection[str] = ()) -> str:
    """A weak tag of what a body says; members of its JSON named in `ages` do not count, wherever they stand.

    Weak, since answers that differ in their ages or in their content coding share it. A body that is no JSON counts
    as it is.
    """
    content = _without(body, ages) if ages else body
    return f'W/"{urlsafe_b64encode(sha256(content).digest()[:_HASH_BYTES]).rstrip(b"=").decode()}"'


def names(field: str, tag: str) -> bool:
    """Whether an `If-None-Match` is `*` or lists the tag; tags are compared weakly.

    A field that is no list of tags names nothing: its sender gets the whole answer.
    """
    if field.strip(" \t") == "*":
        return True
    return re.fullmatch(_TAGS, field) is not None and tag.removeprefix("W/") in re.findall(_OPAQUE, field)


def _without(body: bytes, ages: Collection[str]) -> bytes:
    try:
        return codec.dumps(_pruned(codec.loads(body), ages))
    except ValueError:  # msgspec's errors are
        return body


def _pruned(value: Any, ages: Collection[str]) -> Any:
    if isinstance(value, dict):
        return {name: _pruned(each, ages) for name, each in value.items() if name not in ages}
    return [_pruned(each, ages) for each in value] if isinstance(value, list) else value
