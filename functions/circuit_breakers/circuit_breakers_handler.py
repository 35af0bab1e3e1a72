"""circuit_breakers_handler: GET /api/v1/circuit-breakers, POST /api/v1/circuit-breakers/reset."""

from brightspot.http import Reuse, lambda_entry

handler = lambda_entry(
    "circuit_breakers_routes",
    name="circuit-breakers",
    needs={"GET": "read", "POST": "admin"},
    reuse=Reuse(ages=("seconds_in_state",)),
)
