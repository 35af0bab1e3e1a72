"""Bulk: thousands of addresses as one job, parted among workers, with a table of scores and every analysis in full."""
