"""How the tables are used: every call is recorded by the access pattern of the code that makes it."""
