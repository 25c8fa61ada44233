"""Cut sets and backup depth: what must fail together to empty a slot, and which backups are fake."""
