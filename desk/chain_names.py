"""Finding loaded chains by the ids that a person typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chains.errors import UnknownKeyError
from chains.matching import near_matches
from chains.repository import list_chains
from desk.store import reading

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from chains.model import Chain
    from settings import Settings


def require_chain(session: Session, chain_id: str) -> Chain:
    """Find one loaded chain.

    Parameters
    ----------
    session
        A read session.
    chain_id
        Exactly as loaded.

    Returns
    -------
    Chain
        Its own facts.

    Raises
    ------
    UnknownKeyError
        When it is not loaded, with near matches.
    """
    return pick_chains(session, (chain_id,))[0]


def require_loaded(settings: Settings, chain_id: str) -> None:
    """Refuse the id of a chain that is not loaded.

    Parameters
    ----------
    settings
        Where the database is.
    chain_id
        Exactly as loaded.

    Raises
    ------
    UnknownKeyError
        When it is not loaded, with near matches.
    """
    with reading(settings) as session:
        require_chain(session, chain_id)


def pick_chains(session: Session, chain_ids: Iterable[str] = ()) -> tuple[Chain, ...]:
    """Find loaded chains.

    Parameters
    ----------
    session
        A read session.
    chain_ids
        Which; none stands for all.

    Returns
    -------
    tuple of Chain
        In order of id, each once.

    Raises
    ------
    UnknownKeyError
        When one of them is not loaded, with near matches; also when none is loaded at all.
    """
    loaded = {stored.chain.chain_id: stored.chain for stored in list_chains(session)}
    wanted = sorted(set(chain_ids)) or sorted(loaded)
    if not wanted:
        raise UnknownKeyError(
            "no chain is loaded yet; run lianwen init or lianwen import-chain DIR",
            zh="还没有装入任何产业链;请先执行 lianwen init 或 lianwen import-chain DIR",
        )
    for chain_id in wanted:
        if chain_id not in loaded:
            raise UnknownKeyError(
                f"chain {chain_id!r} is not loaded; loaded: {', '.join(loaded) or 'none'}",
                near=near_matches(chain_id, loaded),
                zh=f"没有产业链 {chain_id!r};已装入:{'、'.join(loaded) or '无'}",
            )
    return tuple(loaded[chain_id] for chain_id in wanted)
