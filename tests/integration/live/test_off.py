"""By default nothing leaves and nothing that could is loaded."""

import subprocess
import sys
from pathlib import Path

import pytest_socket

EVENT = Path(__file__).parents[3] / "events" / "analyze.json"
FUNCTION = Path(__file__).parents[3] / "functions" / "analyze"
LIVE = "brightspot.locations.collectors.live"


def test_no_socket_is_opened(analyze):
    pytest_socket.disable_socket(allow_unix_socket=True)
    status, answer = analyze("200 1st St SW, Rochester, MN 55905")
    assert status == 200
    assert "live" not in answer["performance"]
    assert {each["source"] for each in answer["performance"]["collectors"].values()} == {"embedded"}
    missing = {each["point"]: each["reason"] for each in answer["missing"]}
    assert missing["childcare_desert"].startswith("insufficient data: ")
    assert missing["childcare_access_2sfca"].startswith("insufficient data: ")
    assert "schools" not in missing
    assert not answer["model"]["version"].endswith(("overpass", "census_acs", "census_geocoder"))


def loaded(environment):
    """Which modules of live sources an analysis has loaded, and whether an HTTP client."""
    code = f"""
import json, sys
from pathlib import Path
from types import SimpleNamespace
sys.path.insert(0, {str(FUNCTION)!r})
from analyze_handler import handler
context = SimpleNamespace(aws_request_id="12345678", get_remaining_time_in_millis=lambda: 20000)
answer = handler(json.loads(Path({str(EVENT)!r}).read_text()), context)
print(answer["statusCode"], sum(name.startswith({LIVE!r}) for name in sys.modules), "urllib3" in sys.modules)
"""
    environment = {"AUTH_REQUIRED": "false", "LOG_LEVEL": "ERROR", **environment}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    status, modules, client = done.stdout.split()
    return int(status), int(modules), client == "True"


def test_no_module_of_a_live_source_is_loaded():
    assert loaded({}) == (200, 0, False)


def test_with_one_on_they_are():
    status, modules, client = loaded({"LIVE_OVERPASS_ENABLED": "true", "LIVE_OVERPASS_URL": "http://127.0.0.1:9"})
    assert (status, client) == (200, True)
    assert modules > 5
