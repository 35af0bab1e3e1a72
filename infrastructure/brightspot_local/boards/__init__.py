"""Dashboards over the declared metrics and those of AWS: what they ask is data, and their files are made of it."""
