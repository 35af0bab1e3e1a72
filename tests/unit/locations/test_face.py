"""The lazy face of locations offers every name it says, and no module of the same name stands in the way."""

import subprocess
import sys
from pathlib import Path

from brightspot import locations


def test_every_name_of_the_face_can_be_used():
    assert all(getattr(locations, name) is not None for name in locations.__all__)
    assert set(locations.__all__) == {*locations._HOME_OF, *locations._ELSEWHERE}


def test_no_module_has_the_name_of_something_in_the_face():
    modules = {each.stem for each in Path(locations.__file__).parent.iterdir()}
    assert modules.isdisjoint(locations.__all__)


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
