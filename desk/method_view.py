"""What the method page tells: the live defaults and lines, the sources and their licences."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from chains.defaults import Defaults, load_defaults
from chains.errors import ChainDataError
from chains.repository import load_folders
from desk.store import reading
from settings import VERSION, code_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from chains.model import ChainFolder
    from settings import Settings


@dataclass(frozen=True, slots=True)
class MethodFacts:
    """What numbers rest on besides the data.

    Attributes
    ----------
    version, code_version
        Of the program; the second also names the commit.
    defaults
        What blanks mean, as read now from ``data/defaults.toml``.
    levels
        The lines between levels, as read now from ``data/levels.toml``.
    """

    version: str
    code_version: str
    defaults: Defaults
    levels: Mapping[str, Any]


def read_method(settings: Settings) -> MethodFacts:
    """Read the editable numbers of the method.

    Parameters
    ----------
    settings
        Where ``data/`` is.

    Returns
    -------
    MethodFacts
        As the files say now; a stored run keeps what it used.

    Raises
    ------
    DefaultsError
        When the defaults cannot be read.
    ChainDataError
        When the levels cannot be read.
    """
    return MethodFacts(
        version=VERSION,
        code_version=code_version(),
        defaults=load_defaults(settings.data_dir / "defaults.toml"),
        levels=_read_toml(settings.data_dir / "levels.toml"),
    )


def source_frame(settings: Settings) -> pd.DataFrame:
    """List the documents that facts of the loaded chains were read from.

    Parameters
    ----------
    settings
        Where the database is.

    Returns
    -------
    pandas.DataFrame
        One row a chain and document: chain_id, source_id, title, publisher, year, url, licence,
        accessed_on, facts (how many rows of the chain name it).
    """
    with reading(settings) as session:
        folders = load_folders(session)
    rows = []
    for folder in folders:
        named = Counter(_named_sources(folder))
        rows += [
            {
                "chain_id": folder.chain.chain_id,
                "source_id": source.source_id,
                "title": source.title,
                "publisher": source.publisher,
                "year": source.year,
                "url": source.url,
                "licence": source.licence,
                "accessed_on": source.accessed_on,
                "facts": named[source.source_id],
            }
            for source in folder.sources
        ]
    return pd.DataFrame(rows)


def _named_sources(folder: ChainFolder) -> Iterator[str | None]:
    yield from (item.source_id for item in folder.items)
    yield from (link.source_id for link in folder.links)
    yield from (supplier.source_id for supplier in folder.suppliers)
    yield from (supply.source_id for supply in folder.supplies)
    yield from (purchase.source_id for purchase in folder.purchases)


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ChainDataError(
            f"{path.name} cannot be read ({error}); compare it with the file shipped in data/",
            zh=f"{path.name} 无法读取({error});请与 data/ 里随附的文件对照改正",
        ) from error
