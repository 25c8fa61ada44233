"""What every page asks first: which chains are loaded, their latest runs, their facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chains.model import Perspective
from chains.repository import list_chains, load_records
from desk.chain_names import require_chain
from desk.store import reading
from risk.model import RunStatus
from risk.repository import latest_run, list_runs, stored_horizons

if TYPE_CHECKING:
    from datetime import datetime

    from chains.model import Chain, ChainRecords
    from risk.model import Run
    from settings import Settings


@dataclass(frozen=True, slots=True)
class ChainStanding:
    """A loaded chain and its runs.

    Attributes
    ----------
    chain
        Its own facts.
    loaded_at
        When its folder was loaded last.
    run
        The latest successful run whose loss is the world's, if any.
    horizons
        Days that `run` stored, rising; empty without a run.
    home_run
        The latest successful run whose loss is home's, if any.
    home_horizons
        Days that `home_run` stored, rising.
    active
        The oldest run that waits or runs, if any.
    """

    chain: Chain
    loaded_at: datetime
    run: Run | None
    horizons: tuple[int, ...]
    active: Run | None
    home_run: Run | None = None
    home_horizons: tuple[int, ...] = ()


def read_standings(settings: Settings) -> tuple[ChainStanding, ...]:
    """Read how every loaded chain stands.

    Parameters
    ----------
    settings
        Where the database is.

    Returns
    -------
    tuple of ChainStanding
        In order of chain id.

    Raises
    ------
    StoreError
        When the database is missing, older or newer than the program, or cannot be read.
    """
    with reading(settings) as session:
        waiting = [
            run
            for status in (RunStatus.RUNNING, RunStatus.QUEUED)
            for run in reversed(list_runs(session, status=status))
        ]
        standings = []
        for stored in list_chains(session):
            chain_id = stored.chain.chain_id
            run = latest_run(session, chain_id)
            active = next((each for each in waiting if each.request.chain_id == chain_id), None)
            horizons = stored_horizons(run) if run else ()
            home_run = latest_run(session, chain_id, perspective=Perspective.HOME)
            standings.append(
                ChainStanding(
                    stored.chain,
                    stored.loaded_at,
                    run,
                    horizons,
                    active,
                    home_run=home_run,
                    home_horizons=stored_horizons(home_run) if home_run else (),
                )
            )
    return tuple(standings)


def read_records(settings: Settings, chain_id: str) -> ChainRecords:
    """Read what a chain is scored on, as it is now.

    Parameters
    ----------
    settings
        Where the database is.
    chain_id
        Which chain.

    Returns
    -------
    ChainRecords
        All chains joined, restricted to what lies upstream.

    Raises
    ------
    UnknownKeyError
        When the chain is not loaded.
    """
    with reading(settings) as session:
        require_chain(session, chain_id)
        return load_records(session, chain_id)
