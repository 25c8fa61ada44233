"""WHAT PEOPLE SEE: one file a page, shared pieces in components, all caching in queries."""
