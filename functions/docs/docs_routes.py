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
    return Response((_ASSETS / name).read_bytes(), media_type=_TYPES[name])
