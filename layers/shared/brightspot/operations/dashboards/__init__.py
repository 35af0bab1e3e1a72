"""Dashboards as JSON: what each of them shows is a table, and every value of it was measured or is not known."""
