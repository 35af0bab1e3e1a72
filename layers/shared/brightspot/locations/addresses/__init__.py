"""Addresses: from what somebody typed to its street, city, state and ZIP, without asking any data."""
