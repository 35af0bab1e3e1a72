"""template.yaml as CloudFormation gets it: the real SAM transform with a stack's parameters, without an account."""

import json
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from brightspot_local.dev.template import load
from brightspot_local.paths import ROOT
from brightspot_local.paths import TEMPLATE as FILE
from tests.bundle.stacks import Stack

TEMPLATE = load()
NAME = "brightspot-prod"
ENVS = tuple(TEMPLATE["Parameters"]["Env"]["AllowedValues"])
FUNCTIONS = [name for name, each in TEMPLATE["Resources"].items() if each["Type"] == "AWS::Serverless::Function"]
_PYTHON = ROOT / ".tools" / "sam" / "bin" / "python"
# Run by the interpreter that has aws-sam-cli. Its validator transforms as a deployment does, with a bucket for local
# code. The template names no managed policy by a short name, so nobody is asked for their list.
_TRANSFORM = """
import json, sys
from samcli.lib.translate.sam_template_validator import SamTemplateValidator
from samcli.yamlhelper import yaml_parse

class NoPolicies:
    def load(self):
        return {}

asked = json.load(sys.stdin)
given = yaml_parse(open(asked["template"]).read())
validator = SamTemplateValidator(given, NoPolicies(), region="us-east-1", parameter_overrides=asked["parameters"])
json.dump(yaml_parse(validator.get_translated_template_if_valid()), sys.stdout)
"""


def root(env: str = "prod", **parameters: str) -> Stack:
    """The root stack of an environment, transformed, its conditions decided. It is called NAME."""
    given = {"Env": env, **parameters}
    return Stack(translated(**given), **{"AWS::StackName": NAME, **given})


def translated(*, template: Path = FILE, **parameters: str) -> dict[str, Any]:
    """The root stack's template after the transform; what is not in `parameters` has its default.

    Values hold CloudFormation's functions in their long form (`{"Fn::GetAtt": ["Data", "Outputs.AnalysesTableArn"]}`).
    Raises AssertionError with SAM's own words when it refuses the template.
    """
    made: dict[str, Any] = json.loads(_transformed(template, tuple(sorted(parameters.items()))))
    return made


@cache
def _transformed(template: Path, parameters: tuple[tuple[str, str], ...]) -> str:
    done = subprocess.run(
        [str(_PYTHON), "-c", _TRANSFORM],
        input=json.dumps({"template": str(template), "parameters": dict(parameters)}),
        env={"PATH": os.defpath, "SAM_CLI_TELEMETRY": "0", "AWS_DEFAULT_REGION": "us-east-1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"SAM refuses {template.name}:\n{done.stderr}"
    return done.stdout
