"""Report: one analysis as a page to print, as rows of a table, or as it was stored."""
