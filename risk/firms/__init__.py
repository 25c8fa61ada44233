"""Firm networks as the product keeps them: loads, runs of the index, alerts on newly systemic firms."""
