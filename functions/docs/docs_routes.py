"""docs_routes: the API description, for people and for machines."""

from pathlib import Path
from typing import Any

from fastapi.responses import Response
from starlette.exceptions import HTTPException

from brightspot.http.routes import new_router

router = new_router("documentation")

_ASSETS = Path(__file__).parent / "assets"
_TYPES = {
    "index.html": "text/html; charset=utf-8",
    "docs.css": "text/css; charset=utf-8",
    "docs.js": "text/javascript; charset=utf-8",
    "openapi.json": "application/json",
}
# The page loads its style and script from here and asks the API; nothing stands in it that would need 'unsafe-inline'.
_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)


@router.get("/docs", summary="This page", response_class=Response, include_in_schema=False)
def page() -> Any:
    """Every route, with a form to try it."""
    return _asset("index.html")


@router.get("/docs/{asset}", response_class=Response, include_in_schema=False)
def asset(asset: str) -> Any:
    """The page's style and script."""
    return _asset(asset)


@router.get("/openapi.json", summary="The API as OpenAPI 3.1", response_class=Response, include_in_schema=False)
def description() -> Any:
    """The machine-readable description of every route."""
    return _asset("openapi.json")


def _asset(name: str) -> Response:
    if name not in _TYPES:
        raise HTTPException(404)
    headers = {"Content-Security-Policy": _PAGE_POLICY} if name == "index.html" else {}
    return Response((_ASSETS / name).read_bytes(), headers=headers, media_type=_TYPES[name])
