"""Alert rules as others watch them: CloudWatch's alarms of the whole stack, and Prometheus' rules."""
