"""The lazy face of locations: what it declares, and what it loads for a cached answer."""

import subprocess
import sys

from brightspot import locations


def test_every_name_of_the_face_is_declared_with_its_home():
    homes = {name for names in locations._HOMES.values() for name in names.split()}
    assert set(locations.__all__) == {*homes, *locations._ELSEWHERE}


def test_what_a_cached_answer_needs_loads_neither_scoring_nor_history_nor_a_collector():
    code = """
import sys
from brightspot.locations import CollectorStates, KeptAnalyses
CollectorStates()
KeptAnalyses().key_of(b'{"address": "55901"}', "shared")
print(*[name.removeprefix("brightspot.locations.") for name in sys.modules if name.startswith("brightspot.locations.")])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert {name for name in loaded if name.startswith("collectors")} == {"collectors", "collectors.states"}
    assert loaded.isdisjoint({"scoring", "past", "analysis", "analysis_service"})
    assert "gazetteer.locate" in loaded
