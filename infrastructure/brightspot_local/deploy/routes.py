"""Routes of the HTTP API, made from the OpenAPI body that SAM gave it: MiniStack takes an API and drops its body."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from brightspot_local.deploy.errors import DeployFailed
from brightspot_local.deploy.stack import Resource

API = "AWS::ApiGatewayV2::Api"
_INTEGRATION = "x-amazon-apigateway-integration"
_FUNCTION = re.compile(r"/functions/\$\{(\w+)(?:\.Arn)?\}/invocations$")


def make(client: Any, template: Mapping[str, Any], resources: Iterable[Resource]) -> tuple[str, list[str]]:
    """Make each route with its integration; the API's id and the routes, as `METHOD /path`.

    Raises DeployFailed when the stack has not exactly one API, or a route leads to nothing that the stack has.
    """
    physical = {each.logical: each.physical for each in resources}
    found = [name for name, each in template["Resources"].items() if each["Type"] == API]
    if len(found) != 1:
        raise DeployFailed(f"the template has {len(found)} HTTP APIs, not one")
    api = physical[found[0]]
    paths = template["Resources"][found[0]]["Properties"]["Body"]["paths"]
    made = []
    for path, methods in paths.items():
        for method, operation in methods.items():
            route = f"{method.upper()} {path}"
            _make(client, api, route, operation[_INTEGRATION], physical)
            made.append(route)
    return api, made


def _make(client: Any, api: str, route: str, asked: Mapping[str, Any], physical: Mapping[str, str]) -> None:
    uri = asked["uri"]["Fn::Sub"]
    function = _FUNCTION.search(uri)
    if function is None or function[1] not in physical:
        raise DeployFailed(f"{route} leads to {uri}, which the stack does not have")
    integration = client.create_integration(
        ApiId=api,
        IntegrationType="AWS_PROXY",
        IntegrationMethod=asked["httpMethod"],
        IntegrationUri=physical[function[1]],
        PayloadFormatVersion=asked["payloadFormatVersion"],
        TimeoutInMillis=asked["timeoutInMillis"],
    )
    client.create_route(ApiId=api, RouteKey=route, Target=f"integrations/{integration['IntegrationId']}")
