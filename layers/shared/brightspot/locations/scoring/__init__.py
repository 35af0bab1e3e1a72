"""Scoring: from what the collectors found to scores, and to the analysis that tells them."""
