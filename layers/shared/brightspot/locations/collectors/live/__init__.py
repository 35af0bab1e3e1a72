"""Live sources: what public services tell about a site now, each off until set, each falling back to embedded data.

A source is a module of `sources`; `source.py` says what one is made of, `errand.py` what happens when it is asked.
"""
