"""circuit_breakers_handler: /api/v1/circuit-breakers and /api/v1/maintenance, what is held back or closed."""

from brightspot.http import Reuse, lambda_entry

handler = lambda_entry(
    "circuit_breakers_routes",
    name="circuit-breakers",
    needs={"GET": "read", "POST": "admin", "PUT": "admin", "DELETE": "admin"},
    reads="circuit-breakers-reads",
    reuse=Reuse(ages=("seconds_in_state",)),
)
