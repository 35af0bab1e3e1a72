"""Alerts: rules as data, what they find minute by minute, and who is told."""
