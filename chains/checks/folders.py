"""Checking what lies on disk: the shipped data, a folder of chains, or one chain."""

from collections.abc import Sequence
from pathlib import Path

from chains.catalog import CHAIN_COLUMNS, read_bottlenecks, read_folder, read_sources
from chains.checks import check_folders
from chains.checks.register import check_register
from chains.errors import Place, Problem, Severity
from chains.model import ChainFolder


def check_dir(path: Path) -> list[Problem]:
    """Check a folder of the user: a data folder, a folder of chain folders, or one chain folder.

    Parameters
    ----------
    path
        Holds ``chains/``, or folders with chain files, or chain files.

    Returns
    -------
    list of Problem
        Errors and warnings with file and row; one error when it holds none of these.
    """
    if (path / "chains").is_dir():
        return check_all(path)
    if _is_chain(path):
        return _check_chains([path])[1]
    folders = find_chain_folders(path)
    if folders:
        return _check_chains(folders)[1]
    message = (
        "no chain was found here; name a folder with items.csv, links.csv, suppliers.csv and supplies.csv"
    )
    zh = "这里没有产业链;请给出含有 items.csv、links.csv、suppliers.csv、supplies.csv 的文件夹"
    return [Problem(Severity.ERROR, "no-chain", message, (Place(str(path), 0),), message_zh=zh)]


def check_all(data_dir: Path) -> list[Problem]:
    """Check a data folder: all its chains together and the register.

    Parameters
    ----------
    data_dir
        Holds ``chains/``, ``bottlenecks.csv`` and ``bottleneck_sources.csv``.

    Returns
    -------
    list of Problem
        Errors and warnings with file and row.
    """
    chains, problems = _check_chains(find_chain_folders(data_dir / "chains"))
    if not chains:
        message = "no chain folder was found; add one with items.csv"
        zh = "没有找到链文件夹;请放入一个含有 items.csv 的文件夹"
        problems.append(Problem(Severity.ERROR, "no-chain", message, (Place("chains", 0),), message_zh=zh))
    rows, unreadable = read_bottlenecks(data_dir / "bottlenecks.csv")
    sources, unreadable_sources = read_sources(data_dir / "bottleneck_sources.csv")
    return [
        *problems,
        *unreadable,
        *unreadable_sources,
        *check_register(rows, chains, source_ids={source.source_id for source in sources}),
    ]


def find_chain_folders(path: Path) -> list[Path]:
    """List the chain folders in a folder.

    Parameters
    ----------
    path
        Need not exist.

    Returns
    -------
    list of Path
        By name; folders that hold at least one file of a chain.
    """
    if not path.is_dir():
        return []
    return sorted(folder for folder in path.iterdir() if folder.is_dir() and _is_chain(folder))


def _is_chain(path: Path) -> bool:
    return any((path / name).is_file() for name in CHAIN_COLUMNS)


def _check_chains(paths: Sequence[Path]) -> tuple[list[ChainFolder], list[Problem]]:
    read = [read_folder(path) for path in paths]
    folders = [folder for folder, _ in read]
    unreadable = [problem for _, problems in read for problem in problems]
    return folders, [*unreadable, *check_folders(folders)]
