"""`make dev`: the whole system on this machine, each request served as Lambda would see it."""
