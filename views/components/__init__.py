"""Pieces that more than one page shows: frame, sidebar, stamp, tables, charts."""
