"""Tables and queues of the template under the names that the environment's prefix gives them."""

from collections.abc import Callable
from functools import partial
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import get_session

from brightspot.core.settings import load
from brightspot.store import StoreSettings
from brightspot_local.dev.intrinsics import QUEUE, STACK, TABLE, Intrinsics
from brightspot_local.dev.template import load as load_template
from brightspot_local.validation.verdict import NotWell, Off, Verdict, judged

_DEAD = "dead-letters"


def verdicts() -> list[Verdict]:
    """One for each table and queue, or one for all when there is no prefix."""
    settings = load(StoreSettings)
    if not settings.table_prefix:
        return [judged("tables and queues", _none)]
    tables, queues = ([f"{settings.table_prefix}{name}" for name in _suffixes(kind)] for kind in (TABLE, QUEUE))
    return [
        *_each("table", tables, partial(_table, settings)),
        *_each("queue", queues, partial(_queue, settings)),
    ]


def _none() -> str:
    raise Off("TABLE_PREFIX is not set: each process remembers analyses and batches for itself, until it ends")


def _each(kind: str, names: list[str], check: Callable[[str], str]) -> list[Verdict]:
    return [judged(f"{kind} {name}", partial(_asked, check, name)) for name in names]


def _asked(check: Callable[[str], str], name: str) -> str:
    try:
        return check(name)
    except ClientError as error:
        said = error.response.get("Error", {})
        raise NotWell(f"{said.get('Code', 'refused')}: {said.get('Message', 'no reason given')}") from error
    except BotoCoreError as error:
        raise NotWell(str(error)) from error


def _suffixes(kind: str) -> list[str]:
    """What follows the prefix in the names of all stacks' resources of a kind."""
    known = Intrinsics(load_template(), {"Env": "local"})
    names = [stack.name(logical) for stack in known.stacks() for logical in stack.resources(kind)]
    return sorted(name.removeprefix(STACK) for name in names)


def _table(settings: StoreSettings, name: str) -> str:
    url = settings.dynamodb_url or settings.endpoint_url
    table = _client("dynamodb", settings, url).describe_table(TableName=name)["Table"]
    states = {"table": table["TableStatus"]}
    states |= {each["IndexName"]: each["IndexStatus"] for each in table.get("GlobalSecondaryIndexes") or []}
    idle = [f"{part} is {state}" for part, state in states.items() if state != "ACTIVE"]
    if idle:
        raise NotWell(", ".join(idle))
    return f"active, with {len(states) - 1} indexes"


def _queue(settings: StoreSettings, name: str) -> str:
    sqs = _client("sqs", settings, settings.endpoint_url)
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    asked = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=asked)["Attributes"]
    waiting, under_way = (int(told.get(each, 0)) for each in asked)
    if waiting and name.endswith(_DEAD):
        raise NotWell(f"{waiting} messages lie here that could not be handled")
    return f"{waiting} messages wait, {under_way} are under way"


def _client(service: str, settings: StoreSettings, url: str) -> Any:
    config = Config(
        connect_timeout=settings.connect_ms / 1000,
        read_timeout=settings.read_ms / 1000,
        retries={"total_max_attempts": 1, "mode": "standard"},
    )
    return get_session().create_client(service, settings.region, endpoint_url=url or None, config=config)
