"""The faces of packages that load their names late."""

import pytest

import brightspot.cache
import brightspot.locations
import brightspot.operations
from brightspot.core.faces import lazy_face

FACES = (brightspot.cache, brightspot.locations, brightspot.operations)


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.__name__)
def test_every_name_that_a_face_promises_is_there(face):
    assert [name for name in face.__all__ if getattr(face, name) is None] == []


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.__name__)
def test_no_module_of_a_package_is_called_as_a_name_of_its_face(face):
    from pathlib import Path

    modules = {file.stem for file in Path(face.__file__).parent.iterdir()}
    late = {name for names in face._HOMES.values() for name in names.split()}
    assert modules & late == set()


def test_a_name_that_there_is_not_is_an_attribute_error_that_says_so():
    with pytest.raises(AttributeError, match=r"'brightspot.cache' has no attribute 'nothing'"):
        lazy_face("brightspot.cache", {})("nothing")
