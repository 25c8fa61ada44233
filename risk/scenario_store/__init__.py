"""Scenarios: what is assumed, what came out, and both as they are kept."""
