"""Batches: many addresses in one request, analysed by workers, gathered in one place."""
