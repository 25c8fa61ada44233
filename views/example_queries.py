"""What pages ask the desk about 合成示例; whether it is there is kept for seconds, every page asks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from chains.db_errors import StoreError
from desk import computing, example
from views import queries

if TYPE_CHECKING:
    from desk.example import ExampleResult
    from settings import Settings

_KEPT_SECONDS = 3


def is_loaded() -> bool:
    """Tell whether invented firms are among the data.

    Returns
    -------
    bool
        False when the database cannot be read; the page says that itself. What another process loaded or
        removed shows within seconds.
    """
    try:
        return _read_loaded()
    except StoreError:
        return False


def load(*, by: str) -> tuple[ExampleResult, tuple[int, ...]]:
    """Load the synthetic province and queue the runs that follow.

    Parameters
    ----------
    by
        Who signs the runs; may be empty.

    Returns
    -------
    tuple
        What changed, and the numbers of the runs.

    Raises
    ------
    ChainDataError
        When a chain of one's own is in the way.
    StoreError
        When the database cannot be written.
    """
    settings = queries.get_settings()
    result = example.load_example(settings)
    return result, _queue(settings, result, by=by)


def remove(*, by: str) -> tuple[ExampleResult, tuple[int, ...]]:
    """Take the synthetic province out and queue the runs that follow.

    Parameters
    ----------
    by
        Who signs the runs; may be empty.

    Returns
    -------
    tuple
        What changed, and the numbers of the runs.

    Raises
    ------
    ChainDataError
        When another chain names firms of the example.
    StoreError
        When the database cannot be written.
    """
    settings = queries.get_settings()
    result = example.remove_example(settings)
    return result, _queue(settings, result, by=by)


def _queue(settings: Settings, result: ExampleResult, *, by: str) -> tuple[int, ...]:
    _read_loaded.clear()
    if not result.chains:
        # No names would mean all chains.
        return ()
    runs = computing.queue_recompute(settings, result.chains, by=by)
    computing.start_worker()
    return runs


@st.cache_data(show_spinner=False, ttl=_KEPT_SECONDS)
def _read_loaded() -> bool:
    return example.example_loaded(queries.get_settings())
