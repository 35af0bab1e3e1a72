"""How the code uses its tables, and what it should do otherwise."""
