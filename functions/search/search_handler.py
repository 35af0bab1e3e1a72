"""search_handler: POST /api/v1/search."""

from brightspot.http import lambda_entry
from brightspot.locations import KeptSearches

handler = lambda_entry("search_routes", name="search", needs="read", kept=KeptSearches)
