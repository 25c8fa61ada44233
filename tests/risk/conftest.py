"""Databases for the tests of this folder, empty or with the smallest chain."""

from datetime import UTC, datetime

import pytest

from chains.db import write_session
from chains.repository import store_folder
from tests.factories import firm, one_product, supply
from tests.store_fixtures import engine, migrated_url, sqlite_template

__all__ = ["chain", "engine", "migrated_url", "sqlite_template"]

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def chain(engine):
    """Store the smallest chain: A makes 0.6 of the only part of the product."""
    with write_session(engine) as session:
        store_folder(
            session,
            one_product(
                supply("A", "PART", 0.6),
                supply("B", "PART", 0.4),
                suppliers=(firm("A", "JPN"), firm("B", "CHN", province="江苏", city="南京")),
            ),
            digest="d",
            origin="shipped",
            at=NOON,
        )
    return engine
