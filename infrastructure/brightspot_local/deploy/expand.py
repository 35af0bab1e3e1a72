"""Runs under aws-sam-cli's interpreter: makes of a packaged SAM template what CloudFormation's transform would.

`expand.py PACKAGED PLAIN`, with the values of the parameters as JSON on stdin: SAM decides by some of them.
"""

import json
import sys
from pathlib import Path

from samtranslator.translator.transform import transform  # type: ignore[import-not-found]  # in the other interpreter
from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-not-found]


class _NoManagedPolicies:
    """Stands where the transform would ask IAM for the names of AWS's own policies; our roles name none."""

    def load(self) -> dict[str, str]:
        return {}


if __name__ == "__main__":
    packaged, plain = (Path(each) for each in sys.argv[1:])
    made = transform(yaml_parse(packaged.read_text()), json.load(sys.stdin), _NoManagedPolicies())
    plain.write_text(json.dumps(made))
