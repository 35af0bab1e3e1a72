"""Comparison: several sites side by side, what parts them, and how firm their order is."""
