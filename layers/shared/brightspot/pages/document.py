"""One self-contained page to read and print: no script, no request, its own style only."""

import re
from base64 import b64encode
from hashlib import sha256
from typing import Final

from brightspot.pages.markup import Markup, element

_DOCTYPE: Final = "<!doctype html>\n"
_STYLE: Final = re.compile(rb"<style>(.*?)</style>", re.DOTALL)


def document(title: str, style: str, *body: str) -> bytes:
    """The whole page in UTF-8, well-formed as XML too. `style` is a constant of the page's own."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_policy(style.encode())),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="robots", content="noindex"),
        element("title", title),
        element("link", rel="icon", href="data:,"),
        element("style", Markup(style)),
    )
    page = element("html", head, element("body", *body), lang="en")
    return (_DOCTYPE + page + "\n").encode("utf-8", "replace")


def style_policy(style: str) -> str:
    """The Content-Security-Policy that pages of a style are served with: that style, and nothing from anywhere."""
    return _served(style.encode())


def policy_of(page: bytes) -> str:
    """The same of a page that was made some time ago, perhaps with another style than today's."""
    found = _STYLE.search(page)
    return _served(b"" if found is None else found[1])


def _served(style: bytes) -> str:
    return f"{_policy(style)}; frame-ancestors 'none'"


def _policy(style: bytes) -> str:
    """The part of it that also counts inside a page that is read from a file."""
    digest = b64encode(sha256(style).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
