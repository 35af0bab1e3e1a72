"""Values that are computed when they are missing, and kept by whoever has them, over the levels of the cache."""
