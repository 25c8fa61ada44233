"""Firm networks: which share of the output stops when a firm stops (economic systemic risk index)."""
