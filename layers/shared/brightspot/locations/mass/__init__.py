"""Mass runs: a file of up to a million addresses, scored in batches by a state machine (infrastructure/bulk.yaml)."""
