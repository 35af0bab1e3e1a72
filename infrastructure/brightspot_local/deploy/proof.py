"""What a deployed stack must do: refuse, analyse, remember, save what was deferred, and run its schedules."""

import functools
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from brightspot.core.ids import new_id
from brightspot_local.deploy.api import Answer, Api
from brightspot_local.deploy.errors import DeployFailed
from brightspot_local.deploy.inventory import Client
from brightspot_local.dev.timetable import timetable
from brightspot_local.paths import EVENTS

_ADDRESS = "Rochester, MN 55901"
_HISTORY_SECONDS = 15.0
_MY_ACCOUNT = "GET /api/auth/me"
_QUEUE_SECONDS = 30.0
SCHEDULE_SECONDS = 100.0  # a rate of a minute, looked at every 10 s, and the start of the function
_LOOK_AGAIN_SECONDS = 0.5
_WELL = "Healthy"  # what the health probe writes: 1 or 0
_FAULTS = ("Traceback (most recent call last)", '"level":"ERROR"', '"level": "ERROR"', "AccessDenied")


@dataclass(frozen=True, slots=True)
class Fired:
    """A schedule whose function ran, the metrics that it wrote, and whether the schedule itself ran it."""

    schedule: str
    function: str
    figures: Mapping[str, list[float]]
    by_itself: bool = True


def refused(api: Api) -> str:
    """Without a token nothing is analysed."""
    answer = api.ask("POST", "/api/v1/analyze", {"address": _ADDRESS}, token="")  # nosec B106  # none
    if answer.status != HTTPStatus.UNAUTHORIZED:
        raise _unexpected("POST /api/v1/analyze without a token", answer)
    return "POST /api/v1/analyze without a token: 401"


def cleared(api: Api) -> str:
    """Nothing is cached any more, of a run before on the same folder for one; only an administrator may."""
    answer = api.ask("POST", "/api/v1/cache/clear", {})
    if answer.status != HTTPStatus.OK:
        raise _unexpected("POST /api/v1/cache/clear", answer)
    return f"POST /api/v1/cache/clear: {answer.text}"


def analyzed(api: Api) -> dict[str, Any]:
    """An analysis, as the function answered."""
    answer = api.ask("POST", "/api/v1/analyze", {"address": _ADDRESS})
    if answer.status != HTTPStatus.OK or not 0 <= answer.body["overall_score"] <= 100:  # noqa: PLR2004
        raise _unexpected("POST /api/v1/analyze", answer)
    return dict(answer.body)


def remembered(api: Api, analysis: str, seconds: float = _HISTORY_SECONDS) -> dict[str, Any]:
    """The row of an analysis, as the history gives it. Raises DeployFailed when it does not get there in time."""

    def row() -> dict[str, Any] | None:
        answer = api.ask("GET", "/api/v1/history?limit=100")
        if answer.status != HTTPStatus.OK:
            raise _unexpected("GET /api/v1/history", answer)
        return next((each for each in answer.body["results"] if each["id"] == analysis), None)

    return _until(row, seconds, f"GET /api/v1/history has no analysis {analysis}")


def saved_later(api: Api, client: Client, stack: str) -> dict[str, Any]:
    """The row of an analysis that went to the history queue, as when DynamoDB is down, and was saved by its worker."""
    sample = json.loads((EVENTS / "history_writer.json").read_text())["Records"][0]["body"]
    now = datetime.now(UTC)
    message = json.loads(sample)
    message["key"] = message["body"]["id"] = new_id(now)
    message["body"]["expires_at"] = int((now + timedelta(days=1)).timestamp())
    sqs = client("sqs")
    sqs.send_message(
        QueueUrl=sqs.get_queue_url(QueueName=f"{stack}-history")["QueueUrl"], MessageBody=json.dumps(message)
    )
    return remembered(api, message["key"], _QUEUE_SECONDS)


def answered(api: Api, routes: Iterable[str]) -> list[str]:
    """Ask the routes that read and name nothing in their path, as their sample events do; which those are.

    The operator's token belongs to no account, and is to be told so. Raises DeployFailed at one not answered.
    """
    asked = [route for route in routes if route.startswith("GET ") and "{" not in route]
    events = [json.loads(file.read_text()) for file in EVENTS.glob("*.json")]
    queries = {each["routeKey"]: each["rawQueryString"] for each in events if "routeKey" in each}
    for route in asked:
        answer = api.ask("GET", f"{route.removeprefix('GET ')}?{queries[route]}".rstrip("?"))
        if answer.status != (HTTPStatus.NOT_FOUND if route == _MY_ACCOUNT else HTTPStatus.OK):
            raise _unexpected(route, answer)
    return asked


def fired(client: Client, seconds: float = SCHEDULE_SECONDS) -> Iterator[Fired]:
    """Each schedule, once its function ran and did not fail; one that is due later is run here, as it would be then.

    Raises DeployFailed when there is none, one does not run in time, or its function failed or tells that it is ill.
    """
    names = [each["Name"] for each in client("scheduler").list_schedules()["Schedules"]]
    if not names:
        raise DeployFailed("the stack has no schedule")
    now = datetime.now(UTC)
    for name in names:
        schedule = client("scheduler").get_schedule(Name=name)
        target = schedule["Target"]
        function = client("lambda").get_function_configuration(FunctionName=target["Arn"])
        by_itself = timetable(schedule["ScheduleExpression"])(now) <= now + timedelta(seconds=SCHEDULE_SECONDS)
        if not by_itself:
            client("lambda").invoke(FunctionName=target["Arn"], Payload=target["Input"].encode())
        ran = functools.partial(_run, client, function["LoggingConfig"]["LogGroup"])
        lines = _until(ran, seconds, f"schedule {name} did not run {function['FunctionName']}")
        figures = _figures(lines)
        if _faults(lines) or min(figures.get(_WELL, [1])) < 1:
            raise DeployFailed(f"schedule {name} ran {function['FunctionName']}, which failed")
        yield Fired(name, function["FunctionName"], figures, by_itself)


def quiet(client: Client) -> int:
    """How many log groups have lines, none of an error or of a call that a role does not allow. Raises DeployFailed.

    What a role does not allow may go unnoticed else: an analysis that cannot be saved at once is saved by the queue.
    """
    written = _written(client)
    faults = [f"{group}: {line}" for group, lines in written.items() for line in _faults(lines)]
    if faults:
        raise DeployFailed("functions logged errors:\n" + "\n".join(faults))
    return len(written)


def logs(client: Client) -> str:
    """What the functions have logged, by log group."""
    return "".join(f"\n--- {group} ---\n" + "\n".join(lines) for group, lines in _written(client).items())


def _written(client: Client) -> dict[str, list[str]]:
    groups = [each["logGroupName"] for each in client("logs").describe_log_groups()["logGroups"]]
    return {group: lines for group in groups if (lines := _lines(client, group))}


def _faults(lines: Iterable[str]) -> list[str]:
    return [line for line in lines if any(mark in line for mark in _FAULTS)]


def _run(client: Client, group: str) -> list[str] | None:
    lines = _lines(client, group)
    return lines if any(line.startswith("REPORT ") for line in lines) else None


def _lines(client: Client, group: str) -> list[str]:
    return [str(each["message"]) for each in client("logs").filter_log_events(logGroupName=group)["events"]]


def _figures(lines: list[str]) -> dict[str, list[float]]:
    """The metrics that a function wrote (Embedded Metric Format)."""
    found: dict[str, list[float]] = {}
    for line in lines:
        written = json.loads(line) if line.startswith("{") and '"_aws"' in line else {}
        for each in written.get("_aws", {}).get("CloudWatchMetrics", []):
            for metric in each["Metrics"]:
                value = written[metric["Name"]]
                found.setdefault(metric["Name"], []).extend(value if isinstance(value, list) else [value])
    return found


def _until[Found](look: Callable[[], Found | None], seconds: float, otherwise: str) -> Found:
    gives_up_at = time.monotonic() + seconds
    while (found := look()) is None:
        if time.monotonic() >= gives_up_at:
            raise DeployFailed(f"{otherwise} after {seconds:g} s")
        time.sleep(_LOOK_AGAIN_SECONDS)
    return found


def _unexpected(asked: str, answer: Answer) -> DeployFailed:
    return DeployFailed(f"{asked} was answered with {answer.status}: {answer.text[:2000]}")
