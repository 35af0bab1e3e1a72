"""unrouted_handler: every path that no other function serves, so that scans for weak spots are seen."""

from brightspot.http import lambda_entry

handler = lambda_entry("unrouted_routes", name="unrouted", needs="public")
