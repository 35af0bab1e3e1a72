"""Reports: how the service did over a stretch of hours, as JSON and as a page, made, kept and listed."""
