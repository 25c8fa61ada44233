"""Warnings: what changed for the worse between two runs, kept until it is over."""
