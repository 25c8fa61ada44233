"""Runs: queue, lease, execute, record, compare."""
