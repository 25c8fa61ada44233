"""What the supply network is: model values, defaults, checks, graph, arrays and their store."""
