"""The rules: each file holds one, and cfn-lint loads them all."""
