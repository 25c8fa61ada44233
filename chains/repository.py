"""Chain facts in the database: store a folder with its history, load the current state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from chains.db import lock_writers
from chains.errors import ChainDataError, UnknownKeyError
from chains.history import (
    BOTTLENECK,
    CHAIN,
    FACTS,
    StoredCounts,
    is_current,
    read_current,
    read_place,
    read_uploaded,
    replace_current,
)
from chains.model import Bottleneck, Chain, ChainFolder, ChainRecords
from chains.tables import ChainLoadRow, ChainRow, RegisterLoadRow
from chains.union import UploadedFacts, join_folders

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class StoredChain:
    """A chain in the database and the folder it came from.

    Attributes
    ----------
    chain
        Its own facts.
    digest
        Digest of the folder loaded last.
    origin
        Where that came from: ``shipped``, ``imported`` ...
    loaded_at
        When its facts changed last: by a load of the folder, or by an upload.
    """

    chain: Chain
    digest: str
    origin: str
    loaded_at: datetime


def store_folder(
    session: Session, folder: ChainFolder, *, digest: str, origin: str, at: datetime
) -> StoredCounts:
    """Make a folder's facts the current facts of its chain, and keep the earlier ones as history.

    Parameters
    ----------
    session
        A write session; nothing is committed here.
    folder
        What the chain's folder states; its facts replace those of the same chain id.
    digest
        Of the folder's canonical rows.
    origin
        A short word such as ``shipped`` or ``imported``.
    at
        When, aware; not before the chain's last load.

    Returns
    -------
    StoredCounts
        Storing the same folder again inserts and supersedes nothing.

    Raises
    ------
    ChainDataError
        When two rows of one key disagree, or a row breaks a rule of the store.

    Notes
    -----
    Rows that came with an upload are left alone.
    """
    lock_writers(session)
    chain_id = folder.chain.chain_id
    load_id = _insert_load(session, chain_id=chain_id, digest=digest, origin=origin, at=at)
    stamp = {"chain_id": chain_id, "load_id": load_id, "recorded_at": at}
    try:
        counts = replace_current(session, CHAIN, (folder.chain,), stamp=stamp)
        for name, kind in FACTS.items():
            counts += replace_current(session, kind, getattr(folder, name), stamp=stamp)
    except IntegrityError as error:
        raise ChainDataError(
            f"chain '{chain_id}': a row breaks a rule of the store ({error.orig}); "
            "run 'lianwen check' on its folder",
            zh=f"产业链 '{chain_id}':有一行不合存储规则({error.orig});请对它的文件夹执行 lianwen check",
        ) from error
    return counts


def remove_chain(session: Session, chain_id: str, *, at: datetime) -> StoredCounts:
    """Supersede all facts of a chain, uploaded ones too; its history stays.

    Parameters
    ----------
    session
        A write session.
    chain_id
        Which chain.
    at
        When, aware.

    Returns
    -------
    StoredCounts
        Only `superseded` is not 0.

    Raises
    ------
    UnknownKeyError
        When no such chain is loaded.
    """
    lock_writers(session)
    _require_chain(session, chain_id)
    gone = 0
    for kind in (CHAIN, *FACTS.values()):
        table = kind.table
        current = table.c.superseded_at.is_(None) & (table.c.chain_id == chain_id)
        gone += session.scalar(select(func.count()).select_from(table).where(current)) or 0
        session.execute(update(table).where(current).values(superseded_at=at))
    return StoredCounts(superseded=gone)


def list_chains(session: Session) -> tuple[StoredChain, ...]:
    """List the loaded chains.

    Parameters
    ----------
    session
        A read session.

    Returns
    -------
    tuple of StoredChain
        Sorted by chain id.
    """
    last = select(func.max(ChainLoadRow.id)).group_by(ChainLoadRow.chain_id)
    loads = {
        row.chain_id: row
        for row in session.execute(
            select(
                ChainLoadRow.chain_id, ChainLoadRow.digest, ChainLoadRow.origin, ChainLoadRow.loaded_at
            ).where(ChainLoadRow.id.in_(last))
        )
    }
    chains, uploads = _load_chains(session), _last_uploads(session)
    return tuple(
        StoredChain(
            chain,
            loads[name].digest,
            loads[name].origin,
            max(loads[name].loaded_at, uploads.get(name, loads[name].loaded_at)),
        )
        for name, chain in sorted(chains.items())
    )


def load_folders(session: Session) -> tuple[ChainFolder, ...]:
    """Load the current facts of all chains as their folders state them, without what uploads state.

    Parameters
    ----------
    session
        A read session.

    Returns
    -------
    tuple of ChainFolder
        Sorted by chain id, rows in the order of their files; equal to what was stored.
    """
    found = {name: read_current(session, kind) for name, kind in FACTS.items()}
    return tuple(
        ChainFolder(chain, **{name: tuple(rows.get(chain_id, ())) for name, rows in found.items()})
        for chain_id, chain in sorted(_load_chains(session).items())
    )


def load_records(session: Session, chain_id: str) -> ChainRecords:
    """Load what a chain is scored on: all chains and uploads joined, restricted to what lies upstream.

    Parameters
    ----------
    session
        A read session.
    chain_id
        Which chain.

    Returns
    -------
    ChainRecords
        In canonical order; `chains.union.lay_over` tells which row counts where an upload and a folder
        speak of the same.

    Raises
    ------
    UnknownKeyError
        When no such chain is loaded.
    ChainDataError
        When two loaded chains disagree about a row.
    """
    _require_chain(session, chain_id)
    return join_folders(load_folders(session), chain_id, uploaded=load_uploaded(session))


def load_uploaded(session: Session) -> UploadedFacts:
    """Load the current facts of all uploads, whichever chain they were made for.

    Parameters
    ----------
    session
        A read session.

    Returns
    -------
    UploadedFacts
        The oldest row first.
    """
    kinds = ("suppliers", "supplies", "purchases", "sources")
    return UploadedFacts(*(read_uploaded(session, FACTS[name]) for name in kinds))


def store_bottlenecks(
    session: Session, rows: Sequence[Bottleneck], *, version: str, at: datetime
) -> StoredCounts:
    """Make rows the current register 工作目录(公开资料), and keep the earlier ones as history.

    Parameters
    ----------
    session
        A write session.
    rows
        The whole register.
    version
        Of the register, for example the digest of its file.
    at
        When, aware.

    Returns
    -------
    StoredCounts
        Storing the same rows again inserts and supersedes nothing.

    Raises
    ------
    ChainDataError
        When two rows of one id disagree, or a row breaks a rule of the store.
    """
    lock_writers(session)
    statement = insert(RegisterLoadRow).values(version=version, loaded_at=at).returning(RegisterLoadRow.id)
    stamp = {"load_id": session.scalars(statement).one(), "recorded_at": at}
    try:
        return replace_current(session, BOTTLENECK, rows, stamp=stamp)
    except IntegrityError as error:
        raise ChainDataError(
            f"bottlenecks.csv: a row breaks a rule of the store ({error.orig}); run 'lianwen check'",
            zh=f"bottlenecks.csv:有一行不合存储规则({error.orig});请执行 lianwen check",
        ) from error


def load_bottlenecks(session: Session) -> tuple[Bottleneck, ...]:
    """Load the current register 工作目录(公开资料).

    Parameters
    ----------
    session
        A read session.

    Returns
    -------
    tuple of Bottleneck
        In the order of its file; empty when none was loaded.
    """
    table = BOTTLENECK.table
    statement = (
        select(table.c.place_file, table.c.place_row, *BOTTLENECK.columns)
        .where(is_current(BOTTLENECK))
        .order_by(func.coalesce(table.c.place_row, 0), table.c.id)
    )
    build = BOTTLENECK.build
    return tuple(
        build(*values, place=read_place(file, row)) for file, row, *values in session.execute(statement)
    )


def register_version(session: Session) -> str | None:
    """Name the version of the register loaded last.

    Parameters
    ----------
    session
        A read session.

    Returns
    -------
    str or None
        None when none was loaded.
    """
    return session.scalar(select(RegisterLoadRow.version).order_by(RegisterLoadRow.id.desc()).limit(1))


def _insert_load(session: Session, *, chain_id: str, digest: str, origin: str, at: datetime) -> int:
    values = {"chain_id": chain_id, "digest": digest, "origin": origin, "loaded_at": at}
    return session.scalars(insert(ChainLoadRow).values(values).returning(ChainLoadRow.id)).one()


def _require_chain(session: Session, chain_id: str) -> None:
    chains = tuple(_load_chains(session))
    if chain_id not in chains:
        raise UnknownKeyError(
            f"chain '{chain_id}' is not loaded; loaded: {', '.join(chains) or 'none'}",
            zh=f"没有装入产业链 '{chain_id}';已装入:{'、'.join(chains) or '无'}",
        )


def _last_uploads(session: Session) -> dict[str, datetime]:
    """When uploads last changed the facts of each chain."""
    last: dict[str, datetime] = {}
    for name in ("suppliers", "supplies", "purchases"):
        table = FACTS[name].table
        statement = (
            select(table.c.chain_id, func.max(table.c.recorded_at), func.max(table.c.superseded_at))
            .where(table.c.upload_id.is_not(None))
            .group_by(table.c.chain_id)
        )
        for chain_id, recorded_at, superseded_at in session.execute(statement):
            last[chain_id] = max(filter(None, (last.get(chain_id), recorded_at, superseded_at)))
    return last


def _load_chains(session: Session) -> dict[str, Chain]:
    rows = session.execute(select(*CHAIN.columns).where(is_current(CHAIN)).order_by(ChainRow.chain_id))
    return {chain.chain_id: chain for chain in (Chain(*row) for row in rows)}
