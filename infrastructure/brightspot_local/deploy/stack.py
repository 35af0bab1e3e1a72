"""A CloudFormation stack: made, looked into with those nested in it, and deleted."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from brightspot_local.deploy.errors import DeployFailed

Say = Callable[[str, str], None]
_NESTED = "AWS::CloudFormation::Stack"
_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
_CREATE_SECONDS = 120.0
_DELETE_SECONDS = 60.0
_LOOK_AGAIN_SECONDS = 0.2
_TELL_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of a stack: its names in the template and in AWS, and its type."""

    logical: str
    physical: str
    kind: str


class Stack:
    """The stack of one name. `client` is CloudFormation's; `say` hears of progress."""

    def __init__(self, name: str, client: Any, say: Say) -> None:
        self.name = name
        self._client = client
        self._say = say
        self._id = name

    def create(self, url: str, parameters: Mapping[str, str]) -> None:
        """Make it of the template at a URL. Raises DeployFailed, naming what could not be made."""
        given = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
        made = self._client.create_stack(
            StackName=self.name, TemplateURL=url, Parameters=given, Capabilities=_CAPABILITIES, DisableRollback=True
        )
        self._id = made["StackId"]
        self._wait("CREATE", _CREATE_SECONDS)

    def delete(self) -> list[Resource]:
        """Delete it; the resources that their deletion policy kept. Raises DeployFailed."""
        stacks = [self._id, *(each.physical for each in self.resources() if each.kind == _NESTED)]
        self._client.delete_stack(StackName=self._id)
        self._wait("DELETE", _DELETE_SECONDS)
        return [
            Resource(event["LogicalResourceId"], event["PhysicalResourceId"], event["ResourceType"])
            for stack in stacks
            for event in self._events(stack)
            if event["ResourceStatus"] == "DELETE_SKIPPED"
        ]

    def resources(self) -> list[Resource]:
        """All of them, those of nested stacks too."""
        return list(self._resources(self._id))

    def _resources(self, stack: str) -> Iterator[Resource]:
        for each in self._client.describe_stack_resources(StackName=stack)["StackResources"]:
            found = Resource(each["LogicalResourceId"], each.get("PhysicalResourceId", ""), each["ResourceType"])
            yield found
            if found.kind == _NESTED and found.physical:
                yield from self._resources(found.physical)

    def _wait(self, operation: str, seconds: float) -> None:
        gives_up_at = time.monotonic() + seconds
        tells_at = time.monotonic() + _TELL_SECONDS
        while (status := self._status()) == f"{operation}_IN_PROGRESS":
            if time.monotonic() >= gives_up_at:
                raise DeployFailed(f"stack {self.name} is still {status} after {seconds:g} s{self._failures()}")
            if time.monotonic() >= tells_at:
                self._say("waiting", f"stack {self.name} is {status}, {len(self.resources())} resources so far")
                tells_at += _TELL_SECONDS
            time.sleep(_LOOK_AGAIN_SECONDS)
        if status != f"{operation}_COMPLETE":
            raise DeployFailed(f"stack {self.name} is {status}{self._failures()}")

    def _status(self) -> str:
        return str(self._client.describe_stacks(StackName=self._id)["Stacks"][0]["StackStatus"])

    def _failures(self) -> str:
        """What went wrong, a line each, the first first."""
        nested = [each.physical for each in self.resources() if each.kind == _NESTED and each.physical]
        return "".join(
            f"\n  {event['LogicalResourceId']} ({event['ResourceType']}): {event['ResourceStatusReason']}"
            for stack in [self._id, *nested]
            for event in reversed(self._events(stack))
            if event["ResourceStatus"].endswith("_FAILED") and event.get("ResourceStatusReason")
        )

    def _events(self, stack: str) -> list[dict[str, Any]]:
        """The newest first."""
        return list(self._client.describe_stack_events(StackName=stack)["StackEvents"])
