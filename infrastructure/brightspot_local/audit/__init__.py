"""The audit log from outside: checkpoints made and anchored, and the whole log verified."""
