"""What stands behind the functions of `make dev`: Valkey and MiniStack, started side by side."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brightspot.core.settings import load
from brightspot.valkey import ValkeySettings
from brightspot_local.dev.intrinsics import REGION, Intrinsics
from brightspot_local.services import ServiceUnavailable, ministack, valkey
from brightspot_local.services.aws import ACCESS
from brightspot_local.services.resources import create

Say = Callable[[str], None]
# Whatever a caller's shell says of AWS, no function of `make dev` may reach a real account. Nothing answers on port 9.
_NO_AWS = "http://127.0.0.1:9"


@dataclass(frozen=True, slots=True)
class Backends:
    """What is there. `environment` leads the functions to it; `endpoint` is AWS's, empty when there is none."""

    endpoint: str
    environment: Mapping[str, str]


@contextmanager
def backends(data: Path, template: Mapping[str, Any], parameters: Mapping[str, str], say: Say) -> Iterator[Backends]:
    """Run both, and end both. One that cannot be used is told, and the rest goes on without it."""
    with ExitStack() as started:
        with ThreadPoolExecutor(2) as starters:
            store = starters.submit(started.enter_context, _valkey(data, say))
            aws = starters.submit(started.enter_context, _ministack(data, template, parameters, say))
        url = _usable(store, "each process caches and counts for itself", say)
        endpoint = _usable(aws, "each process remembers analyses for itself, until it ends", say)
        yield Backends(endpoint, {**_aws(endpoint), **({"REDIS_URL": url} if url else {})})


def _usable(start: Future[str], without: str, say: Say) -> str:
    try:
        return start.result()
    except ServiceUnavailable as error:
        say(f"without  {error}; {without}")
        return ""


def _aws(endpoint: str) -> dict[str, str]:
    return {
        **ACCESS,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": endpoint or _NO_AWS,
        "AWS_EC2_METADATA_DISABLED": "true",
        **({} if endpoint else {"TABLE_PREFIX": "", "REPORTS_BUCKET": "", "JOBS_BUCKET": "", "SCHEDULE_GROUP": ""}),
    }


@contextmanager
def _valkey(data: Path, say: Say) -> Iterator[str]:
    if load(ValkeySettings).configured:
        say("using    the Valkey that the environment names")
        yield ""
        return
    process_id = 0
    try:
        with valkey.running(data) as running:
            process_id = running.pid
            _tell_leftover("valkey", running.replaced, say)
            say(f"started  valkey, process {process_id}, on {running.address}")
            yield running.url
    finally:
        _tell_end("valkey", process_id, say)


@contextmanager
def _ministack(data: Path, template: Mapping[str, Any], parameters: Mapping[str, str], say: Say) -> Iterator[str]:
    process_id = 0
    try:
        with ministack.running(data) as running:
            process_id = running.pid
            _tell_leftover("ministack", running.replaced, say)
            if running.lost:
                say("warning  ministack was killed last time: what it was given since its start then is lost")
            say(f"started  ministack ({ministack.SERVICES}), process {process_id}, on {running.endpoint}")
            for made in create(Intrinsics(template, parameters, running.endpoint), running.endpoint):
                say(f"created  {made}")
            yield running.endpoint
    finally:
        _tell_end("ministack", process_id, say)


def _tell_leftover(name: str, process_id: int | None, say: Say) -> None:
    if process_id is not None:
        say(f"ended    {name}, process {process_id}, left over from a command that was killed")


def _tell_end(name: str, process_id: int, say: Say) -> None:
    if process_id:
        say(f"stopped  {name}, process {process_id}")
