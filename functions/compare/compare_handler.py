"""compare_handler: POST /api/v1/compare."""

from brightspot.http import lambda_entry
from brightspot.locations import CollectorStates

handler = lambda_entry("compare_routes", name="compare", needs="read", rider=CollectorStates)
