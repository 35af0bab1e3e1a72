"""unrouted_routes: whoever is routed here is told that nothing is there, or where it is, without the slash at its end.

What is not found is scored as asking for what is not there.
"""

from fastapi import Request
from fastapi.responses import RedirectResponse

from brightspot.http.routes import new_router

router = new_router("unrouted")


@router.get("/{path:path}/", include_in_schema=False)
def without_slash(path: str, request: Request) -> RedirectResponse:
    """The documents write `/api/v1/monitoring/`. One path with one slash before it: never another host's."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/{path.strip('/')}{query}", status_code=308)
