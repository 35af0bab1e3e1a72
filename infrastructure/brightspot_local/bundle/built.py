"""What `sam build` left: each function with its built code, and the layer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from brightspot_local.dev.intrinsics import Intrinsics
from brightspot_local.dev.template import Function, Route, functions, load, routes
from brightspot_local.paths import ROOT

BUILD = ROOT / ".aws-sam" / "build"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A built template: functions by logical id, HTTP routes, and `layer`, the folder that Lambda mounts at /opt."""

    functions: Mapping[str, Function]
    routes: list[Route]
    layer: Path


def read(build: Path = BUILD) -> Bundle:
    """The bundle in a build folder. Raises FileNotFoundError when nothing was built there."""
    template = load(build / "template.yaml")
    found = functions(Intrinsics(template, {"Env": "local"}))
    layer = template["Resources"]["SharedLayer"]["Properties"]["ContentUri"]
    return Bundle(
        functions={name: replace(each, folder=build / each.folder.name) for name, each in found.items()},
        routes=routes(template),
        layer=build / layer,
    )
