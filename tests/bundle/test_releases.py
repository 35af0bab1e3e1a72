"""How a new version of a function comes to be called, in each environment, and goes again when it is no good."""

import tomllib
from typing import Any

import pytest

from brightspot_local.paths import ROOT
from tests.bundle.stacks import Stack
from tests.bundle.translated import ENVS, FUNCTIONS, TEMPLATE, root

CODE_DEPLOY = "AWS::CodeDeploy::DeploymentGroup"
ALL_AT_ONCE = "AllAtOnce"
SAMCONFIG = tomllib.loads((ROOT / "samconfig.toml").read_text())


def releases(stack: Stack) -> dict[str, Any]:
    return {name.removesuffix("DeploymentGroup"): each for name, each in stack.of(CODE_DEPLOY).items()}


@pytest.mark.parametrize(
    ("env", "way"), [("dev", ALL_AT_ONCE), ("staging", ALL_AT_ONCE), ("prod", "Canary10Percent5Minutes")]
)
def test_codedeploy_moves_every_alias_and_back_again_when_an_alarm_goes_off(env: str, way: str) -> None:
    stack = root(env)
    assert releases(stack).keys() == set(FUNCTIONS)
    for name, each in releases(stack).items():
        assert each["DeploymentConfigName"]["Fn::Sub"][1] == {"ConfigName": way}
        assert each["AutoRollbackConfiguration"]["Enabled"] is True
        assert "DEPLOYMENT_STOP_ON_ALARM" in each["AutoRollbackConfiguration"]["Events"]
        assert each["AlarmConfiguration"]["Enabled"] is True
        alias = stack.resources[f"{name}Aliaslive"]
        assert alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]["DeploymentGroupName"] == {
            "Ref": f"{name}DeploymentGroup"
        }


def test_locally_aliases_move_by_themselves_since_emulators_have_no_codedeploy() -> None:
    stack = root("local")
    assert not [name for name, each in stack.resources.items() if each["Type"].startswith("AWS::CodeDeploy::")]
    assert "CodeDeployServiceRole" not in stack.resources
    assert not [name for name, each in stack.resources.items() if "UpdatePolicy" in each]
    assert {f"{name}Aliaslive" for name in FUNCTIONS} == stack.of("AWS::Lambda::Alias").keys()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_alarms_of_a_release_are_on_errors_and_slowness_of_the_very_version_that_is_new(name: str) -> None:
    stack = root()
    watched = [each["Name"]["Ref"] for each in releases(stack)[name]["AlarmConfiguration"]["Alarms"]]
    alarms = [stack.of("AWS::CloudWatch::Alarm")[each] for each in watched]
    assert [(each["Namespace"], each["MetricName"]) for each in alarms] == [
        ("AWS/Lambda", "Errors"),
        ("AWS/Lambda", "Duration"),
    ]
    version = stack.of("AWS::Lambda::Alias")[f"{name}Aliaslive"]["FunctionVersion"]
    for each in alarms:
        assert {dimension["Name"]: dimension["Value"] for dimension in each["Dimensions"]} == {
            "FunctionName": {"Ref": name},
            "Resource": {"Fn::Sub": f"${{{name}}}:live"},
            "ExecutedVersion": version,
        }
        assert each["TreatMissingData"] == "notBreaching"
    errors, slow = alarms
    assert (errors["Statistic"], errors["Threshold"], errors["ComparisonOperator"]) == (
        "Sum",
        0,
        "GreaterThanThreshold",
    )
    properties = TEMPLATE["Resources"][name]["Properties"]
    timeout = properties.get("Timeout", TEMPLATE["Globals"]["Function"]["Timeout"])
    assert slow["ExtendedStatistic"] == "p99"
    assert 0 < slow["Threshold"] < timeout * 1000


def test_a_canary_lasts_long_enough_for_its_alarms() -> None:
    canary_seconds = 5 * 60
    for name, each in root().of("AWS::CloudWatch::Alarm").items():
        if name.endswith(("ErrorsAlarm", "SlowAlarm")) and name != "ApiErrorsAlarm":
            assert each["Period"] * each["EvaluationPeriods"] < canary_seconds, name


@pytest.mark.parametrize("env", ENVS)
def test_each_environment_has_a_stack_of_its_own_in_samconfig(env: str) -> None:
    assert SAMCONFIG.keys() - {"version"} == set(ENVS)
    assert SAMCONFIG[env]["global"]["parameters"]["stack_name"] == f"brightspot-{env}"
    deploy = SAMCONFIG[env]["deploy"]["parameters"]
    assert f"Env={env}" in deploy["parameter_overrides"].split()
    if env != "local":
        assert deploy["capabilities"].split() == ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
        assert deploy["resolve_s3"] is True
    assert deploy.get("confirm_changeset", False) is (env in {"staging", "prod"})
