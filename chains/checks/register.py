"""The register of bottleneck items, 工作目录(公开资料): its size, its words and its links to items."""

from collections.abc import Collection, Sequence
from typing import Final

from chains.checks.places import error
from chains.errors import Place, Problem, Severity
from chains.model import Bottleneck, ChainFolder

REGISTER_SIZE: Final = 278
REGISTER_FILE: Final = "bottlenecks.csv"

LINK_KINDS: Final = ("same", "part_of", "nearest")
EVIDENCE_GRADES: Final = ("E1", "E2", "E3", "E4")
STATUSES: Final = ("open", "tackling", "domestic_trial", "substituted")
DEPENDENCES: Final = ("high", "medium", "low")


def check_register(
    rows: Sequence[Bottleneck],
    folders: Sequence[ChainFolder],
    *,
    source_ids: Collection[str] | None = None,
    expected_rows: int = REGISTER_SIZE,
) -> list[Problem]:
    """Check the register against the items of all chains.

    Parameters
    ----------
    rows
        The register.
    folders
        All chains; the items that rows name must stand in one of them.
    source_ids
        Ids of the documents the register rests on; None leaves sources unchecked.
    expected_rows
        How many rows there should be; who brings an own list states its number.

    Returns
    -------
    list of Problem
        Errors only.
    """
    item_ids = {item.item_id for folder in folders for item in folder.items}
    problems = []
    if len(rows) != expected_rows:
        message = f"the register has {len(rows)} rows instead of {expected_rows}; add or delete rows"
        zh = f"工作目录(公开资料)有 {len(rows)} 行,应为 {expected_rows} 行;请增补或删除"
        place = Place(REGISTER_FILE, 0)
        problems.append(Problem(Severity.ERROR, "register-size", message, (place,), message_zh=zh))
    for row in rows:
        problems += _check_words(row)
        problems += _check_link(row, item_ids)
        if source_ids is not None and row.source_id is not None and row.source_id not in source_ids:
            message = f"source {row.source_id} is not in bottleneck_sources.csv; add it"
            zh = f"来源 {row.source_id} 不在 bottleneck_sources.csv 里;请补上"
            problems.append(error("unknown-source", message, (row,), zh=zh))
    return problems


def _check_words(row: Bottleneck) -> list[Problem]:
    asked = (
        ("evidence_grade", row.evidence_grade, EVIDENCE_GRADES),
        ("status", row.status, STATUSES),
        ("foreign_dependence", row.foreign_dependence, DEPENDENCES),
        ("link_kind", row.link_kind, LINK_KINDS),
    )
    return [
        error(
            "unknown-word",
            f"{column} is {word!r}; write one of {', '.join(words)}",
            (row,),
            zh=f"{column} 写的是 {word!r};请从这些词里选一个:{'、'.join(words)}",
        )
        for column, word, words in asked
        if word is not None and word not in words
    ]


def _check_link(row: Bottleneck, item_ids: Collection[str]) -> list[Problem]:
    if (row.item_id is None) != (row.link_kind is None):
        message = "item_id and link_kind are only known together; fill in both or neither"
        zh = "item_id 与 link_kind 要么都填,要么都空;请补上另一个,或把两个都清空"
        return [error("half-link", message, (row,), zh=zh)]
    if row.item_id is not None and row.item_id not in item_ids:
        message = f"item {row.item_id} is in no chain; correct it or leave it and link_kind blank"
        zh = f"物料 {row.item_id} 不在任何一条链里;请改正,或把它和 link_kind 都清空"
        return [error("unresolved-item", message, (row,), zh=zh)]
    return []
