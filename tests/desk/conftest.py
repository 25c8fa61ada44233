"""Databases with the worked examples, and one with the shipped data of which pv is scored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chains.model import Perspective
from desk.computing import recompute_chains
from desk.loading import import_chain, initialise
from settings import Settings, prepare_environment

GOLDEN = Path(__file__).parents[1] / "golden" / "chains"


def make_home(home: Path) -> Settings:
    home.mkdir(exist_ok=True)
    settings = Settings(home=home)
    prepare_environment(settings)
    return settings


@pytest.fixture
def example(tmp_path: Path) -> Callable[[str], Settings]:
    """Load an example into a database of this test's own; nothing is scored."""

    def load(chain: str) -> Settings:
        settings = make_home(tmp_path / chain)
        initialise(settings, empty=True)
        import_chain(settings, GOLDEN / chain)
        return settings

    return load


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Load all shipped data and score pv; to be read from only."""
    settings = make_home(tmp_path_factory.mktemp("shipped"))
    initialise(settings)
    recompute_chains(settings, ("pv",), perspectives=(Perspective.WORLD,))
    return settings
