"""Gazetteer: from an address to its place, by the dataset alone."""
