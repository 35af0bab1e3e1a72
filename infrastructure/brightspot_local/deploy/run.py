"""`make deploy-local`, step by step: start, package, deploy, prove, delete, look what is left."""

import threading
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from brightspot.core.clock import SystemClock
from brightspot.security import TokenSettings
from brightspot_local.deploy import assets, inventory, proof, routes
from brightspot_local.deploy.api import Api
from brightspot_local.deploy.aws import Clients, local_aws, refusals
from brightspot_local.deploy.errors import DeployFailed
from brightspot_local.deploy.progress import Progress
from brightspot_local.deploy.stack import Stack
from brightspot_local.dev.intrinsics import STACK
from brightspot_local.keys import local_keys
from brightspot_local.services import valkey

_MIB = 2**20


@dataclass(frozen=True, slots=True)
class Asked:
    """`build` holds the built bundle, of processor `architecture`; `data` is a folder for the servers' files.

    With `keep` the stack stays until Ctrl-C.
    """

    build: Path
    data: Path
    architecture: str
    keep: bool


def deploy(asked: Asked, out: TextIO) -> None:
    """Deploy, prove and delete; a line per step goes to `out`.

    Raises DeployFailed when a step did not do what it should, ServiceUnavailable when a server cannot be started.
    The servers are ended in any case, and with them goes whatever was deployed.
    """
    say = Progress(out)
    asked.data.mkdir(parents=True, exist_ok=True)
    with ExitStack() as started, refusals():
        store = started.enter_context(valkey.running(asked.data))
        say("started", f"valkey, process {store.pid}, on {store.address}")
        aws = started.enter_context(local_aws(asked.data))
        say("started", f"ministack, process {aws.pid}, on {aws.endpoint}")
        keys = local_keys(asked.data, SystemClock(), TokenSettings())
        parameters = {
            "Env": "local",
            "Architecture": asked.architecture,
            "RedisUrl": store.url,
            "JwtPublicKeys": keys.jwks_file.read_text().strip(),
        }
        client = Clients(aws.endpoint)
        before = inventory.held(client)
        stack, api, table = _deployed(asked, aws.endpoint, parameters, client, say)
        reachable = Api(f"{aws.endpoint}/_aws/execute-api/{api}", keys.admin_token)
        try:
            _prove(reachable, table, client, say)
        except DeployFailed as error:
            raise DeployFailed(f"{error}\n{proof.logs(client)}") from error
        if asked.keep:
            say("serving", f"{reachable.url} (token in {keys.admin_token_file}; Ctrl-C ends it)")
            _wait_for_interrupt()
        _delete(stack, before, client, say)


def _deployed(
    asked: Asked, endpoint: str, parameters: Mapping[str, str], client: Clients, say: Progress
) -> tuple[Stack, str, list[str]]:
    packaged = assets.package(asked.build, asked.data, endpoint, parameters)
    say("packaged", f"{packaged.objects} objects, {packaged.size / _MIB:.1f} MiB")
    stack = Stack(STACK, client("cloudformation"), say)
    stack.create(packaged.url, parameters)
    resources = stack.resources()
    say("deployed", f"stack {stack.name}: {len(resources)} resources")
    api, made = routes.make(client("apigatewayv2"), packaged.template, resources)
    say("routed", f"API {api}: {len(made)} routes")
    return stack, api, made


def _prove(api: Api, table: list[str], client: Clients, say: Progress) -> None:
    say("refused", proof.refused(api))
    say("cleared", proof.cleared(api))
    analysis = proof.analyzed(api)
    say("analyzed", f"{analysis['address']}: {analysis['overall_score']:.1f}, id {analysis['id']}")
    row = proof.remembered(api, analysis["id"])
    say("recorded", f"{row['address']} of {row['created_at']}, read back from the history")
    row = proof.saved_later(api, client, STACK)
    say("deferred", f"{row['id']} came through the queue and its worker into the history")
    say("answered", ", ".join(proof.answered(api, table)))
    say("waiting", f"for schedules to fire, {proof.SCHEDULE_SECONDS:g} s at most")
    for each in proof.fired(client):
        told = ", ".join(f"{name} {values}" for name, values in each.figures.items())
        ran = "ran" if each.by_itself else "is due later; with its input ran"
        say("fired", f"schedule {each.schedule} {ran} {each.function}: {told or 'no metrics'}")
    say("quiet", f"no errors and no forbidden calls in the {proof.quiet(client)} logs")


def _wait_for_interrupt() -> None:
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        return


def _delete(stack: Stack, before: set[str], client: Clients, say: Progress) -> None:
    kept = stack.delete()
    say("deleted", f"stack {stack.name}")
    for each in inventory.remove(kept, client):
        say("removed", f"{each}, which its deletion policy had kept")
    left = inventory.held(client) - before
    if left:
        raise DeployFailed("left behind: " + ", ".join(sorted(left)))
    say("clean", "nothing is left of it")
