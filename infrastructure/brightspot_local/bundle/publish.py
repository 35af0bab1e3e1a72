"""`python -m brightspot_local.bundle.publish BUILD [REVISION]`: make a deploy publish each function that has changed.

SAM publishes a new version when a function's own code changes, not when its layer or configuration does. So each
function of a built template is given `AutoPublishCodeSha256`: one hash over its code, its layers and its configuration.
SAM names the version by the first ten characters of it, and by nothing else then: what it does not cover must change
REVISION, any text, to be published: a parameter that is given on the command line of `sam deploy`.
"""

import hashlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from brightspot_local.bundle.configuration import Overrides, configuration, overrides_in
from brightspot_local.bundle.references import references
from brightspot_local.bundle.trees import tree_hash
from brightspot_local.dev.intrinsics import NESTED
from brightspot_local.dev.template import load

_FUNCTION: Final = "AWS::Serverless::Function"
_STAMP: Final = "AutoPublishCodeSha256"
_MOST_DESCRIPTION: Final = 256  # Lambda's own limit; SAM writes the stamp behind the description


class Unstampable(Exception):
    """A built template whose functions cannot be stamped; the message says which and why."""


def stamp(build: Path, overrides: Overrides, revision: str = "") -> dict[str, str]:
    """Write every function's hash into the template of a build folder; the hashes by logical id.

    Raises Unstampable, and FileNotFoundError when nothing was built there.
    """
    file = build / "template.yaml"
    template = load(file)
    stamps = hashes(template, build, overrides, revision)
    for name, each in stamps.items():
        properties = template["Resources"][name]["Properties"]
        description = properties.get("Description", "")
        if isinstance(description, str) and len(description) + 1 + len(each) > _MOST_DESCRIPTION:
            raise Unstampable(f"{name}: its description and the stamp are longer than {_MOST_DESCRIPTION} characters")
        properties[_STAMP] = each
    for resource in template["Resources"].values():
        resource.pop(NESTED, None)  # read from a file of its own, where it stays
    file.write_text(yaml.safe_dump(template, sort_keys=False, allow_unicode=True, width=120))
    return stamps


def hashes(template: Mapping[str, Any], build: Path, overrides: Overrides, revision: str = "") -> dict[str, str]:
    """The hash of every function of a built template, by logical id."""
    resources = template["Resources"]
    trees: dict[Path, str] = {}

    def of(folder: Path) -> str:
        if folder not in trees:
            trees[folder] = tree_hash(folder)
        return trees[folder]

    found = {}
    for name, each in resources.items():
        if each["Type"] == _FUNCTION:
            known = configuration(template, name, overrides)
            layers = [of(folder) for folder in _layers(name, known["properties"], resources, build)]
            code = of(_local(name, each["Properties"]["CodeUri"], build))
            whole = {"code": code, "layers": layers, "configuration": known, "revision": revision}
            found[name] = hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()
    return found


def _layers(name: str, properties: Mapping[str, Any], resources: Mapping[str, Any], build: Path) -> list[Path]:
    """The folders of the layers that the template builds; any other is told by its ARN, in the properties."""
    named = [logical for _, logical in references(properties.get("Layers", []))]
    return [
        _local(name, resources[each]["Properties"]["ContentUri"], build)
        for each in named
        if resources.get(each, {}).get("Type") == "AWS::Serverless::LayerVersion"
    ]


def _local(name: str, uri: Any, build: Path) -> Path:
    if not isinstance(uri, str) or not (build / uri).is_dir():
        raise Unstampable(f"{name}: {uri} is no folder of the build")
    return build / uri


def main(arguments: list[str]) -> int:
    """0 when every function of the build is stamped. Paths are those of the checkout that it is run in."""
    stamps = stamp(Path(arguments[0]), overrides_in(Path("samconfig.toml")), *arguments[1:2])
    print(f"Stamped {len(stamps)} functions in {arguments[0]}/template.yaml")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
