"""What to do about it: whom to ask, what to build, which cases to follow."""
