"""Compiled loops over the arrays of a network."""
