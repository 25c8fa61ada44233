"""Where figures come from: every source named, every share with a year and more than hearsay."""

from collections.abc import Sequence
from typing import Final

from chains.checks.places import warning
from chains.errors import Problem
from chains.model import ChainFolder, Item, Link, Purchase, Supplier, Supply

HEARSAY: Final = "public-knowledge"


def check_sources(folders: Sequence[ChainFolder]) -> list[Problem]:
    """Find rows whose source is not listed, and shares that rest on general knowledge alone.

    Parameters
    ----------
    folders
        Folders to look at; one without sources is not asked for them.

    Returns
    -------
    list of Problem
        One warning per row.
    """
    problems = []
    for folder in folders:
        listed = {source.source_id for source in folder.sources}
        rows: list[Item | Link | Supplier | Supply | Purchase] = [*folder.items, *folder.links]
        rows += [*folder.suppliers, *folder.supplies, *folder.purchases]
        problems += [
            warning(
                "unknown-source",
                f"source {row.source_id} is not in sources.csv; add it",
                (row,),
                zh=f"来源 {row.source_id} 不在 sources.csv 里;请补上",
            )
            for row in rows
            if listed and row.source_id is not None and row.source_id not in listed
        ]
        problems += [
            warning(
                "share-without-source",
                f"the share of {row.supplier_id} rests on {HEARSAY}; name a source",
                (row,),
                zh=f"{row.supplier_id} 的份额只凭常识({HEARSAY});请注明来源",
            )
            for row in folder.supplies
            if row.share is not None and row.source_id == HEARSAY
        ]
    return problems


def check_years(folders: Sequence[ChainFolder]) -> list[Problem]:
    """Find shares without a year in folders that give years.

    Parameters
    ----------
    folders
        Folders to look at.

    Returns
    -------
    list of Problem
        One warning per row; none for a folder in which no supply has a year.
    """
    return [
        warning(
            "share-without-year",
            f"the share of {row.supplier_id} has no year; add it",
            (row,),
            zh=f"{row.supplier_id} 的份额没有年份;请补上",
        )
        for folder in folders
        if any(row.year is not None for row in folder.supplies)
        for row in folder.supplies
        if row.share is not None and row.year is None
    ]
