"""Compiled loops of the firm cascade, cached apart from the other kernels (see `compiling`)."""
