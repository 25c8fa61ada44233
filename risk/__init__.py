"""What the network means: scores, runs, alerts and response."""
