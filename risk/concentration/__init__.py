"""How concentrated the supply of an item is: HHI by firm, parent, city, country and ring, with its range."""
