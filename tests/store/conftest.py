"""Databases for the tests of this folder."""

from tests.store_fixtures import bare_url, engine, guarded_url, migrated_url, postgres_url, sqlite_template

__all__ = ["bare_url", "engine", "guarded_url", "migrated_url", "postgres_url", "sqlite_template"]
