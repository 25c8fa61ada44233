"""Bringing chain data in: the shipped folders, a folder of one's own, and the check of both."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chains.catalog import read_bottlenecks, read_folder
from chains.checks import check_folders, check_register
from chains.checks.folders import check_dir, find_chain_folders
from chains.db import migrate
from chains.errors import ChainDataError, Problem, Severity, UnknownKeyError
from chains.matching import near_matches
from chains.repository import (
    list_chains,
    load_folders,
    register_version,
    remove_chain,
    store_bottlenecks,
    store_folder,
)
from chains.version import folder_digest
from desk.example import EXAMPLE, refit_loaded_example
from desk.home_region import SHIPPED
from desk.presets import FOLDER, check_presets
from desk.store import writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from sqlalchemy.orm import Session

    from chains.model import Bottleneck, ChainFolder
    from chains.repository import StoredChain
    from settings import Settings

IMPORTED = "imported"
UNRESOLVED_ITEM = "unresolved-item"


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What loading changed, and what is wrong with the data.

    Attributes
    ----------
    sentence
        For the person in front of the screen.
    loaded, kept, removed
        Chain ids: stored anew, left as they were, taken out.
    problems
        Errors first; any error means that nothing was stored.
    """

    sentence: str
    loaded: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = field(default=(), repr=False)

    @property
    def refused(self) -> bool:
        """Whether an error kept the data out."""
        return has_errors(self.problems)


def initialise(settings: Settings, *, empty: bool = False, without: Sequence[str] = ()) -> LoadResult:
    """Create or migrate the database and load shipped data whose digest changed; safe to repeat.

    Parameters
    ----------
    settings
        Where database and shipped data are.
    empty
        Load nothing.
    without
        Shipped chains to leave out, and to take out if a former call loaded them. It is not
        remembered: the next call without it loads them again.

    Returns
    -------
    LoadResult
        A chain that the officer imported under a shipped id is kept as imported.

    Raises
    ------
    UnknownKeyError
        When `without` names no shipped chain.
    ChainDataError
        When shipped data breaks a rule; nothing was stored.
    StoreError
        When the database cannot be opened or is newer than the program.
    """
    shipped = _shipped_folders(settings.data_dir)
    for chain_id in without:
        if chain_id not in shipped:
            raise UnknownKeyError(
                f"no shipped chain {chain_id!r}",
                near=near_matches(chain_id, shipped),
                zh=f"没有随附的链 {chain_id!r}",
            )
    migrated = migrate(settings.database_url, backup_dir=settings.var_dir / "backups")
    done = "数据库已升级" if migrated.changed and migrated.before else "数据库就绪"
    done += f"({migrated.note.zh})" if migrated.note else ""
    if empty:
        return LoadResult(f"{done};未装入数据")
    wanted = {chain_id: path for chain_id, path in shipped.items() if chain_id not in without}
    with writing(settings) as session:
        result = _load_shipped(session, wanted, data_dir=settings.data_dir, left_out=tuple(without))
        _load_register(session, settings.data_dir / "bottlenecks.csv")
    return LoadResult(f"{done};{_count(result)}", result.loaded, result.kept, result.removed, result.problems)


def import_chain(settings: Settings, folder: Path) -> LoadResult:
    """Load a chain folder; repeating replaces that folder's facts.

    Parameters
    ----------
    settings
        Where the database is.
    folder
        The folder; its name is the chain id.

    Returns
    -------
    LoadResult
        With an error among the problems nothing was stored.

    Raises
    ------
    ChainDataError
        When there is no such folder.
    StoreError
        When the database cannot be opened.
    """
    if not folder.is_dir():
        raise ChainDataError(
            f"there is no folder {folder}; name one with items.csv and the other files of a chain",
            zh=f"找不到文件夹 {folder};请给出含有 items.csv 等文件的文件夹",
        )
    read, found = read_folder(folder)
    chain_id = read.chain.chain_id
    with writing(settings) as session:
        others = tuple(stored for stored in load_folders(session) if stored.chain.chain_id != chain_id)
        problems = sort_problems([*found, *own_problems(chain_id, check_folders((*others, read)))])
        if has_errors(problems):
            errors = sum(problem.severity is Severity.ERROR for problem in problems)
            return LoadResult(f"链 {chain_id} 未导入:有 {errors} 个错误,数据保持原样", problems=problems)
        store_folder(session, read, digest=folder_digest(read), origin=IMPORTED, at=datetime.now(UTC))
    sentence = f"链 {chain_id} 已导入:物料/环节 {len(read.items)},供应商 {len(read.suppliers)}"
    return LoadResult(sentence, loaded=(chain_id,), problems=problems)


def check_data(path: Path) -> tuple[Problem, ...]:
    """Check one chain folder, a folder of chain folders, or a whole data folder.

    Parameters
    ----------
    path
        A folder with items.csv, one with such folders in it, or one with ``chains/`` and
        ``bottlenecks.csv``.

    Returns
    -------
    tuple of Problem
        Errors first; one error when there is nothing to check.
    """
    problems = check_dir(path)
    if (path / "chains").is_dir() and (path / FOLDER).is_dir():
        folders, _ = _read_folders(find_chain_folders(path / "chains"))
        problems = [*problems, *check_presets(path, folders)]
    return sort_problems(problems)


def has_errors(problems: Iterable[Problem]) -> bool:
    """Tell whether any problem stops an import.

    Parameters
    ----------
    problems
        What was found.

    Returns
    -------
    bool
        False when there are only warnings.
    """
    return any(problem.severity is Severity.ERROR for problem in problems)


def sort_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Order problems for reading: errors first, then file and row, each once.

    Parameters
    ----------
    problems
        In any order.

    Returns
    -------
    tuple of Problem
        Without repetitions.
    """
    return tuple(sorted(dict.fromkeys(problems), key=_problem_order))


def own_problems(chain_id: str, problems: Iterable[Problem]) -> Iterator[Problem]:
    """Keep every error, and the warnings about one chain's own files: those of other chains are no news.

    Parameters
    ----------
    chain_id
        Which chain.
    problems
        Of all chains.

    Yields
    ------
    Problem
        In their order.
    """
    for problem in problems:
        own = any(place.file.startswith(f"{chain_id}/") for place in problem.places)
        if own or problem.severity is Severity.ERROR:
            yield problem


def _problem_order(problem: Problem) -> tuple[object, ...]:
    places = tuple((place.file, place.row) for place in problem.places)
    return (problem.severity is not Severity.ERROR, places, problem.code, problem.message)


def _shipped_folders(data_dir: Path) -> dict[str, Path]:
    return {path.name: path for path in find_chain_folders(data_dir / "chains")}


def _read_folders(paths: Iterable[Path]) -> tuple[tuple[ChainFolder, ...], list[Problem]]:
    read = [read_folder(path) for path in paths]
    return tuple(folder for folder, _ in read), [problem for _, found in read for problem in found]


def _load_shipped(
    session: Session, wanted: dict[str, Path], *, data_dir: Path, left_out: tuple[str, ...]
) -> LoadResult:
    stored = {chain.chain.chain_id: chain for chain in list_chains(session)}
    now = datetime.now(UTC)
    removed = [chain_id for chain_id in left_out if _is_shipped(stored.get(chain_id))]
    for chain_id in removed:
        remove_chain(session, chain_id, at=now)
    # The example is fitted to the chains that are there, whichever these are.
    own = {chain_id for chain_id, chain in stored.items() if chain.origin not in {SHIPPED, EXAMPLE}}
    folders, problems = _read_folders(path for chain_id, path in wanted.items() if chain_id not in own)
    others = tuple(folder for folder in load_folders(session) if folder.chain.chain_id in own)
    problems += check_folders((*others, *folders))
    _refuse(sort_problems(problems))
    changed = [folder for folder in folders if _digest_changed(folder, stored.get(folder.chain.chain_id))]
    for folder in changed:
        store_folder(session, folder, digest=folder_digest(folder), origin=SHIPPED, at=now)
    refit_loaded_example(session, data_dir, at=now)
    loaded = tuple(folder.chain.chain_id for folder in changed)
    kept = tuple(chain_id for chain_id in wanted if chain_id not in loaded)
    return LoadResult("", loaded, kept, tuple(removed), tuple(problems))


def _is_shipped(stored: StoredChain | None) -> bool:
    return stored is not None and stored.origin == SHIPPED


def _digest_changed(folder: ChainFolder, stored: StoredChain | None) -> bool:
    return stored is None or stored.digest != folder_digest(folder)


def _load_register(session: Session, path: Path) -> None:
    if not path.exists():
        return
    version = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    if version == register_version(session):
        return
    rows, problems = _check_bottlenecks(path, load_folders(session))
    # Items of a chain that was left out cannot be found; that keeps no row of the register away.
    _refuse([problem for problem in problems if problem.code != UNRESOLVED_ITEM])
    store_bottlenecks(session, rows, version=version, at=datetime.now(UTC))


def _check_bottlenecks(
    path: Path, folders: Sequence[ChainFolder]
) -> tuple[tuple[Bottleneck, ...], list[Problem]]:
    rows, problems = read_bottlenecks(path)
    return rows, [*problems, *check_register(rows, folders)]


def _refuse(problems: Sequence[Problem]) -> None:
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if errors:
        listed = {
            language: "\n".join(problem.say(language) for problem in errors) for language in ("en", "zh")
        }
        raise ChainDataError(
            f"the shipped data have {len(errors)} errors; nothing was loaded:\n{listed['en']}",
            zh=f"随附数据有 {len(errors)} 个错误,未装入任何数据:\n{listed['zh']}",
        )


def _count(result: LoadResult) -> str:
    parts = [f"{word} {'、'.join(ids)}" for word, ids in _changes(result) if ids]
    if result.loaded and result.problems:
        parts.append(f"数据警告 {len(result.problems)} 条,见 lianwen check")
    return ";".join(parts) or "没有随附数据"


def _changes(result: LoadResult) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (("装入", result.loaded), ("保持不变", result.kept), ("移除", result.removed))
