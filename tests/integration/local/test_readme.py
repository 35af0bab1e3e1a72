"""What the README shows is what the command prints."""

import re
import subprocess
import sys

from brightspot_local.paths import ROOT

TIME = re.compile(r"[\d.]+ ms")


def test_the_analysis_in_the_readme_is_the_one_that_is_printed(tmp_path):
    command = [sys.executable, "-m", "brightspot_local.cli", "analyze", "Rochester, MN 55901", "--data", str(tmp_path)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    shown = re.search(
        r'\$ make analyze ADDRESS="Rochester, MN 55901"\n(.*?)```', (ROOT / "README.md").read_text(), re.DOTALL
    )
    assert TIME.sub("? ms", shown[1]) == TIME.sub("? ms", printed)
