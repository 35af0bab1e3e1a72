"""Upkeep: the maintenance tasks, each run by its schedule or by hand, and the history of their runs."""
