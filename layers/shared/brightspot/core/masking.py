"""Secrets that are known by their shape are taken out of text that others read: logs, errors, request ids."""

import re
from typing import Final

MASK: Final = "[secret]"
# API keys and refresh tokens of ours, JSON Web Tokens, private keys in PEM (also with \n as two characters, as JSON has
# it), and passwords in URLs. Every repeat is bounded or ends at what cannot be in it, so that nothing is tried twice.
_SECRETS: Final = re.compile(
    r"""
    bsr?_[0-7][0-9A-HJKMNP-TV-Z]{25}[A-Za-z0-9_-]{43,65}+
    | bsr?\ [0-7][0-9A-HJKMNP-TV-Z]{25}[A-Za-z0-9_\ -]{20,66}+ # as the parser of addresses repeats one
    | eyJ[A-Za-z0-9_-]{8,512}+\.[A-Za-z0-9_-]{8,4096}+\.[A-Za-z0-9_-]{16,1024}+
    | -----BEGIN\ (?:[A-Z0-9]{1,10}\ ){0,2}PRIVATE\ KEY-----[A-Za-z0-9+/=\s\\]{1,8192}+
      (?:-----END\ (?:[A-Z0-9]{1,10}\ ){0,2}PRIVATE\ KEY-----)?
    | (?<=://)[^\s:/@"\\]{0,64}+:[^\s/@"\\]{1,256}+(?=@)
    """,
    re.VERBOSE,
)


def masked(text: str) -> str:
    """The text with `[secret]` for each; a password, which has no shape, is not found."""
    return _SECRETS.sub(MASK, text)
