"""Builds the API description that the docs function ships, from the routers of all functions."""
