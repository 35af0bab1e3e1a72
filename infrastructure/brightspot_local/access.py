"""`python -m brightspot_local.access`: write docs/access.md, who may do what, from the entries' policies."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from brightspot.security.matrix import Access, table
from brightspot_local.dev.intrinsics import Intrinsics
from brightspot_local.dev.template import Route, functions, load, routes
from brightspot_local.paths import ROOT

PAGE = ROOT / "docs" / "access.md"
_HEAD = """# Who may do what

Each function's entry declares the permission that a route needs; this page is made from them (`make access`). `nobody`
sends no token; `user` has one without any permission; a permission includes those before it: read, write, admin.
*Open* is the mode of `make dev` and of a stack with `AuthRequired=false`: reads and writes need no token there. A token
that is sent must be good in either mode. An API key is a token with its permissions; it makes no other keys.

A permission holds for the caller's own tenant: what another tenant made (analyses, batches, reports, cached values), or
what another user has (sessions, API keys), is answered as what is not there, also to an administrator. Administration
itself (cache, circuit breakers, maintenance, audit log) and figures of the cache are the service's, and concern all
tenants; administrators are made by the operator alone. Without a token, or with one that names no tenant, the tenant is
`shared`.

"""


def entries() -> list[tuple[Route, Any]]:
    """Every HTTP route of the template with its function's entry."""
    template = load()
    known = functions(Intrinsics(template, {"Env": "local"}))
    folders = {name: (each.folder, each.handler) for name, each in known.items()}
    found = []
    for route in routes(template):
        folder, handler = folders[route.function]
        with _importable(folder):
            found.append((route, getattr(import_module(handler.split(".")[0]), handler.split(".")[1])))
    return found


def declared() -> list[Access]:
    """Every HTTP route of the template with what its function's entry says it needs."""
    return [Access(route.path, route.method, entry.policy.need(route.method, route.path)) for route, entry in entries()]


def page() -> str:
    """The page as it should stand."""
    return _HEAD + table(declared())


@contextmanager
def _importable(folder: Path) -> Iterator[None]:
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))


if __name__ == "__main__":
    PAGE.write_text(page())
