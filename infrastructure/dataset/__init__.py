"""Builds places.sqlite, the data that Brightspot ships, from packages pinned by hash."""
