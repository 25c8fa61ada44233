"""Databases for the tests of this folder."""

from tests.store_fixtures import engine, migrated_url, sqlite_template

__all__ = ["engine", "migrated_url", "sqlite_template"]
