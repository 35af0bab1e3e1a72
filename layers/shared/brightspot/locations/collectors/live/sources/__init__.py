"""One module per live source; each has a `SOURCE`, and its name is its id."""
