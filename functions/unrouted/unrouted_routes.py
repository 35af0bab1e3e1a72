"""unrouted_routes: none. Whoever is routed here is told that nothing is there, and scored for having asked."""

from brightspot.http.routes import new_router

router = new_router("unrouted")
