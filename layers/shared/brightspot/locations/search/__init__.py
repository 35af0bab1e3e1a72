"""Search: the best ZIPs of an area for a persona, from scores that the dataset holds."""
