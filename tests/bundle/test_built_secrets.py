"""The built bundle, which is all that is deployed, holds no secret and no file that keeps one."""

from brightspot_local.bundle import Bundle
from tests.bundle.leaks import leaks

FORBIDDEN = {".env", ".netrc", ".pypirc", "credentials", "admin-token", "private.pem", "id_rsa", "id_ed25519"}


def test_the_bundle_holds_no_secret(bundle: Bundle) -> None:
    folders = {bundle.layer, *(each.folder for each in bundle.functions.values())}
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    assert len(files) > 500
    assert [str(file) for file in files if file.name in FORBIDDEN] == []
    assert [(str(file), *found) for file in files for found in leaks(file.read_bytes())] == []
