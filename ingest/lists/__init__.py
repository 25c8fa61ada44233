"""Lists that are no supplier lists: bottleneck items, demand, disruption events, chain folders."""
