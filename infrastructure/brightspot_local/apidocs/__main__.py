"""`python -m brightspot_local.apidocs`: write the description and the page; `--check` only tells of drift."""

import sys

from brightspot.core.codec import dumps
from brightspot_local.apidocs.document import build
from brightspot_local.apidocs.page import render
from brightspot_local.paths import FUNCTIONS

ASSETS = FUNCTIONS / "docs" / "assets"


def rendered() -> dict[str, bytes]:
    """The generated files by name, as they should stand in the docs function."""
    document = build()
    return {"openapi.json": dumps(document) + b"\n", "index.html": render(document).encode()}


def main(arguments: list[str]) -> int:
    """0 when the files are in step (or now written), 1 when `--check` finds drift."""
    drifted = [name for name, content in rendered().items() if _current(name) != content]
    if "--check" in arguments:
        for name in drifted:
            print(f"{name} is out of step with the routers; run: python -m brightspot_local.apidocs", file=sys.stderr)
        return 1 if drifted else 0
    for name, content in rendered().items():
        (ASSETS / name).write_bytes(content)
    print(f"wrote {', '.join(drifted) or 'nothing new'}")
    return 0


def _current(name: str) -> bytes | None:
    file = ASSETS / name
    return file.read_bytes() if file.exists() else None


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
