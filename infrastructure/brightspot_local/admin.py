"""Makes an administrator's account: in the tables that the environment names, else in those of `make dev`."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from brightspot.core.settings import load
from brightspot.store import StoreSettings
from brightspot_local.dev.intrinsics import REGION, STACK, Intrinsics
from brightspot_local.dev.template import load as load_template
from brightspot_local.services import ServiceUnavailable, ministack
from brightspot_local.services.aws import ACCESS, ELSEWHERE
from brightspot_local.services.resources import create

ENDPOINT_FILE = "aws-endpoint"  # `make dev` leaves its MiniStack's URL there while it runs


class AdminRefused(Exception):
    """The account was not made; the message says why and what to do."""


def create_admin(email: str, password: str, data: Path) -> str:
    """Make the account; what to tell of it. Raises AdminRefused, and what `AccountService.create` raises."""
    with tables(data) as (where, environment):
        os.environ.update(environment)
        from brightspot import identity  # noqa: PLC0415  # reads the environment when it is first asked

        account = identity.identity().accounts.create(email, password, ("admin",))
        return f"{account.email} is an administrator ({where}); log in at POST /api/auth/login"


@contextmanager
def tables(data: Path) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Which tables, and the environment that leads there. Those of `make dev` need not be served at the moment."""
    named = load(StoreSettings).table_prefix
    if named:
        yield f"tables {named}-*", {}
        return
    for each in ELSEWHERE:
        os.environ.pop(each, None)
    file = data / ENDPOINT_FILE
    if file.exists():
        yield f"`make dev` on {data}", _local(file.read_text().strip())
        return
    try:
        with ministack.running(data) as running:
            create(Intrinsics(load_template(), {"Env": "local"}, running.endpoint), running.endpoint)
            yield f"kept in {data}", _local(running.endpoint)
    except ServiceUnavailable as error:
        raise AdminRefused(f"{error}; or name deployed tables: TABLE_PREFIX=<stack>") from error


def _local(endpoint: str) -> Mapping[str, str]:
    return {**ACCESS, "AWS_REGION": REGION, "AWS_ENDPOINT_URL": endpoint, "TABLE_PREFIX": STACK}
