"""Which change of a build makes a deploy publish which function: each function's hash over all that it runs with."""

from copy import deepcopy

import pytest
import yaml

from brightspot_local.bundle.configuration import overrides_in
from brightspot_local.bundle.publish import Unstampable, hashes, stamp
from brightspot_local.dev.intrinsics import NESTED
from brightspot_local.dev.template import load
from tests.unit.local.built_template import STORE, TEMPLATE

BOTH, READER, WRITER, NEITHER = {"Reader", "Writer"}, {"Reader"}, {"Writer"}, set()


@pytest.fixture
def build(tmp_path):
    for name in ("Shared", "Reader", "Writer"):
        (tmp_path / name / "inside").mkdir(parents=True)
        (tmp_path / name / "inside" / "code.py").write_text(f"# {name}\n")
    return tmp_path


@pytest.fixture
def changed(build):
    """`changed(edit)`: whose hash another template has another one of; `edit` changes a copy of it."""
    before = hashes(TEMPLATE, build, {})

    def told(edit=lambda _: None, overrides=None, revision=""):
        template = deepcopy(TEMPLATE)
        edit(template)
        after = hashes(template, build, overrides or {}, revision)
        return {name for name, each in before.items() if after[name] != each}

    return told


def at(*path, value):
    """An edit that sets one value of a template."""

    def edit(template):
        for each in path[:-1]:
            template = template.setdefault(each, {})
        template[path[-1]] = value

    return edit


def of(name, *path, value):
    return at("Resources", name, "Properties", *path, value=value)


def in_store(*path, value):
    return at("Resources", "Store", NESTED, *path, value=value)


def test_the_same_inputs_have_the_same_hash_wherever_they_lie(build, tmp_path_factory):
    elsewhere = build.rename(tmp_path_factory.mktemp("elsewhere") / "build")
    first = hashes(TEMPLATE, elsewhere, {})
    elsewhere.rename(build)
    assert hashes(deepcopy(TEMPLATE), build, {}) == first
    assert {len(each) for each in first.values()} == {64}
    assert first["Reader"] != first["Writer"]


@pytest.mark.parametrize(
    ("edit", "whose"),
    [
        (at("Globals", "Function", "Environment", "Variables", "LEVEL", value="DEBUG"), BOTH),
        (at("Globals", "Function", "Tracing", value="Active"), BOTH),
        (at("Globals", "Function", "MemorySize", value=1769), READER),  # the other has its own
        (of("Reader", "Environment", "Variables", "DAYS", value="30"), READER),
        (of("Reader", "Environment", "Variables", "NEW", value=""), READER),
        (of("Reader", "Timeout", value=9), READER),
        (of("Reader", "Layers", value=["arn:aws:lambda:us-east-1:1:layer:other:1"]), READER),
        (at("Parameters", "Level", "Default", value="DEBUG"), BOTH),
        (at("Parameters", "Days", "Default", value=30), READER),
        (at("Parameters", "Env", "Default", value="prod"), WRITER),
        (at("Parameters", "Address", "Default", value="x"), WRITER),  # through two conditions too
        (at("Mappings", "ByEnv", "prod", "Size", value=3), WRITER),
        (at("Conditions", "Given", value={"Fn::Equals": ["a", "a"]}), WRITER),
        (of("Queue", "QueueName", value="other"), WRITER),  # its URL is in the environment
        (at("Parameters", "NodeSize", "Default", value="large"), WRITER),  # another size may be at another address
        (in_store("Resources", "Server", "Properties", "MultiAZEnabled", value=True), WRITER),
        (in_store("Outputs", "Host", "Value", value="elsewhere"), WRITER),
        (at("Resources", "Writer", "IgnoreGlobals", value=["Layers"]), WRITER),
    ],
)
def test_a_change_of_configuration_publishes_whom_it_concerns(changed, edit, whose):
    assert changed(edit) == whose


@pytest.mark.parametrize(
    "edit",
    [
        at("Resources", "Reader", "Metadata", value={"BuildMethod": "python3.13"}),
        at("Description", value="another text"),
        at("Parameters", "Days", "Description", value="another text"),
        at("Mappings", "ByEnv", "prod", "Keep", value=1),
        of("Queue", "VisibilityTimeout", value=90),
        of("Store", "Parameters", "Zones", value=3),  # no output that they use depends on it
        in_store("Resources", "Alarm", "Properties", "Threshold", value=1),
        of("Reader", "Policies", value=[]),  # a role serves every version
        of("Reader", "Events", value={}),
        of("Reader", "AutoPublishCodeSha256", value="0" * 64),
        of("Reader", "DeploymentPreference", value={"Type": "AllAtOnce"}),
    ],
)
def test_what_no_version_freezes_publishes_nobody(changed, edit):
    assert changed(edit) == NEITHER


def test_a_file_of_the_layer_publishes_all_and_a_file_of_a_function_that_function(changed, build):
    (build / "Reader" / "inside" / "code.py").write_text("# reads more\n")
    assert changed() == READER
    (build / "Shared" / "more.py").write_text("")
    assert changed() == BOTH


def test_a_file_that_is_moved_or_may_now_be_executed_is_a_change_and_its_time_is_none(changed, build):
    file = build / "Writer" / "inside" / "code.py"
    file.touch()
    assert changed() == NEITHER
    file.chmod(0o755)
    assert changed() == WRITER
    file.chmod(0o644)
    file.rename(build / "Writer" / "code.py")
    assert changed() == WRITER


def test_a_value_that_samconfig_gives_a_parameter_publishes_whom_it_concerns(changed):
    assert changed(overrides={"prod": {"Days": "30"}}) == READER
    assert changed(overrides={"prod": {"Unused": "1"}}) == NEITHER


def test_another_revision_publishes_all(changed):
    assert changed(revision="LogLevel=DEBUG") == BOTH


def without_nested():
    template = deepcopy(TEMPLATE)
    del template["Resources"]["Store"][NESTED]
    return template


def test_a_stamped_template_says_all_that_it_said_and_the_hashes(build):
    (build / "template.yaml").write_text(yaml.safe_dump(without_nested()))
    (build / "store.yaml").write_text(yaml.safe_dump(STORE))
    stamps = stamp(build, {})
    written = load(build / "template.yaml")
    found = {name: written["Resources"][name]["Properties"].pop("AutoPublishCodeSha256") for name in stamps}
    assert found == stamps == hashes(TEMPLATE, build, {})
    assert written == TEMPLATE
    assert f"{NESTED}:" not in (build / "template.yaml").read_text()
    assert stamp(build, {}) == stamps


def test_a_description_that_leaves_no_room_for_the_hash_is_refused(build):
    template = without_nested()
    of("Reader", "Description", value="x" * 192)(template)
    (build / "template.yaml").write_text(yaml.safe_dump(template))
    (build / "store.yaml").write_text(yaml.safe_dump(STORE))
    with pytest.raises(Unstampable, match="Reader: its description"):
        stamp(build, {})


def test_code_that_was_not_built_is_refused(build):
    (build / "Reader").rename(build / "Elsewhere")
    with pytest.raises(Unstampable, match="Reader: Reader is no folder of the build"):
        hashes(TEMPLATE, build, {})


def test_an_empty_folder_is_not_taken_for_code(build):
    (build / "Reader" / "inside" / "code.py").unlink()
    with pytest.raises(FileNotFoundError, match="nothing is built in Reader"):
        hashes(TEMPLATE, build, {})


def test_samconfig_gives_values_as_text_or_list_by_environment(tmp_path):
    file = tmp_path / "samconfig.toml"
    file.write_text(
        "version = 0.1\n"
        '[dev.deploy.parameters]\nparameter_overrides = "Env=dev Keys=\'{\\"keys\\": []}\'"\n'
        '[prod.global.parameters]\nparameter_overrides = ["Env=prod"]\n'
        '[prod.deploy.parameters]\nparameter_overrides = ["Days=30"]\n'
    )
    assert overrides_in(file) == {"dev": {"Env": "dev", "Keys": '{"keys": []}'}, "prod": {"Env": "prod", "Days": "30"}}
    file.write_text('[dev.deploy.parameters]\nparameter_overrides = "ParameterKey"\n')
    with pytest.raises(ValueError, match=r"dev in samconfig\.toml: 'ParameterKey' is not Name=value"):
        overrides_in(file)
