"""What a deploy of the built template publishes, by SAM's own transform: a version of each function that changed."""

import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from brightspot_local.bundle import Bundle
from brightspot_local.bundle.configuration import overrides_in
from brightspot_local.bundle.publish import stamp
from brightspot_local.dev.template import load
from brightspot_local.paths import ROOT
from tests.bundle.rights import FUNCTIONS
from tests.bundle.translated import translated

Edit = Callable[[Path, dict[str, Any]], object]
Built = Callable[..., Path]
KIND = "AWS::Serverless::Function"
VERSION = re.compile(r"(\w+Function)Version(\w{10})")


def stamps(template: Path) -> dict[str, str]:
    resources = load(template)["Resources"].items()
    return {name: each["Properties"]["AutoPublishCodeSha256"] for name, each in resources if each["Type"] == KIND}


def versions(template: Path) -> dict[str, str]:
    """The logical id of the version that a deploy publishes, by function; another id is another version."""
    resources = translated(template=template, Env="prod")["Resources"]
    found = [VERSION.fullmatch(name) for name, each in resources.items() if each["Type"] == "AWS::Lambda::Version"]
    return {match[1]: match[0] for match in found if match}


@pytest.fixture(scope="module")
def built(bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """`built(edit)`: a stamped build like the bundle's, with a file for each folder; `edit` changes it before that."""

    def make(edit: Edit = lambda *_: None) -> Path:
        folder = tmp_path_factory.mktemp("build")
        for each in bundle.layer.parent.iterdir():
            (folder / each.name).mkdir() if each.is_dir() else shutil.copy(each, folder)
            if (each / "template.yaml").exists():
                shutil.copy(each / "template.yaml", folder / each.name)
            elif each.is_dir():
                (folder / each.name / "code.py").write_text("first")
        template = yaml.safe_load((folder / "template.yaml").read_text())
        edit(folder, template)
        (folder / "template.yaml").write_text(yaml.safe_dump(template))
        stamp(folder, overrides_in(ROOT / "samconfig.toml"))
        return folder / "template.yaml"

    return make


@pytest.fixture(scope="module")
def changed(built: Built) -> Callable[[Edit], set[str]]:
    """`changed(edit)`: which functions have another stamp after an edit."""
    before = stamps(built())

    def told(edit: Edit) -> set[str]:
        after = stamps(built(edit))
        return {name for name, each in before.items() if after[name] != each}

    return told


def other_layer(folder: Path, _: Mapping[str, Any]) -> None:
    (folder / "SharedLayer" / "code.py").write_text("second")


def other_history(folder: Path, _: Mapping[str, Any]) -> None:
    (folder / "HistoryFunction" / "code.py").write_text("second")


def other_setting_of_history(_: Path, template: Mapping[str, Any]) -> None:
    template["Resources"]["HistoryFunction"]["Properties"]["Environment"]["Variables"]["AWS_READ_TIMEOUT_MS"] = "600"


def other_retention(_: Path, template: Mapping[str, Any]) -> None:
    template["Parameters"]["HistoryRetentionDays"]["Default"] = 30


def test_every_function_of_the_bundle_publishes_the_version_that_its_stamp_names(bundle: Bundle) -> None:
    file = bundle.layer.parent / "template.yaml"
    made = translated(template=file, Env="prod")["Resources"]
    assert stamps(file).keys() == bundle.functions.keys()
    assert versions(file) == {name: f"{name}Version{each[:10]}" for name, each in stamps(file).items()}
    for name, each in stamps(file).items():
        # So that Lambda sees another function, and publishes, where only the layer or a parameter is another one.
        assert made[name]["Properties"]["Description"].endswith(f" {each}")
        assert len(made[name]["Properties"]["Description"]) <= 256


@pytest.mark.parametrize(
    ("edit", "whose"),
    [
        (lambda *_: None, set()),
        (other_history, {"HistoryFunction"}),
        (other_setting_of_history, {"HistoryFunction"}),
        (other_retention, {name for name, each in FUNCTIONS.items() if "HISTORY_RETENTION_DAYS" in each.environment}),
    ],
)
def test_the_functions_that_changed_have_another_stamp(edit: Edit, whose: set[str], changed: Any) -> None:
    assert changed(edit) == whose


def test_another_layer_gives_every_function_another_stamp(changed: Any, bundle: Bundle) -> None:
    assert changed(other_layer) == set(bundle.functions)


def test_without_the_stamp_sam_would_publish_nothing_for_another_layer(built: Built) -> None:
    """Why there is a stamp at all."""
    plain = []
    for file in (built(), built(other_layer)):
        template = yaml.safe_load(file.read_text())
        for each in template["Resources"].values():
            each.get("Properties", {}).pop("AutoPublishCodeSha256", None)
        file.write_text(yaml.safe_dump(template))
        plain.append(versions(file))
    assert plain[0] == plain[1]
