"""Dataset: the public data in `data/places.sqlite`, the points they give, and what lies near a site."""
