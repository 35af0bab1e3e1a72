"""Collectors: what can be known about a site, asked in parallel, each costing only its own points when it fails."""
