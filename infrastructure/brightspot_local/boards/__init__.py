"""Dashboards over the declared metrics: what they ask is data, and their files are made of it."""
