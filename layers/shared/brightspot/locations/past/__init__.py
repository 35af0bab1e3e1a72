"""Past: the history of analyses, what it keeps and how it is asked."""
