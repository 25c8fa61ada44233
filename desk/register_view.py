"""The register 工作目录(公开资料) for the screen: its rows with the scores of the item each names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from chains.model import Scope
from chains.repository import list_chains, load_folders, register_version
from desk.reading import score_frame
from desk.register_list import load_register
from desk.store import reading
from risk.repository import latest_run

if TYPE_CHECKING:
    from chains.model import Bottleneck, ChainFolder, Mode
    from settings import Settings

_SCORES = [
    "exposure_run_low",
    "exposure_build_low",
    "exposure_low",
    "exposure_point",
    "exposure_high",
    "substitution_low",
    "substitution_point",
    "substitution_high",
    "residual_low",
    "residual_point",
    "residual_high",
    "tts_days_low",
    "recovery_day_low",
    "level",
    "level_run",
    "level_build",
    "level_point",
    "level_high",
    "verdict",
]


def register_frame(settings: Settings, *, mode: Mode, horizon: int | None = None) -> pd.DataFrame:
    """Read the register, each row with the scores of its item.

    Parameters
    ----------
    settings
        Where the database is.
    mode
        Run or build.
    horizon
        Days; ``None`` for each run's main horizon.

    Returns
    -------
    pandas.DataFrame
        One row a bottleneck, in the order of the file: bottleneck_id, name_zh, name_en, five_base, chain,
        item_id, item_zh, item_en, link_kind (same, part_of, nearest), evidence_grade, foreign_dependence,
        main_foreign_suppliers, status, source_id, note, then chain_id (the chain whose run gives the
        scores), scope and key (its node), and the scores of the item stopping, low, point and high.
        Missing where the row names no item, or its chain has no run.
    """
    with reading(settings) as session:
        rows = load_register(session).rows
        folders = load_folders(session)
        runs = {
            stored.chain.chain_id: latest_run(session, stored.chain.chain_id)
            for stored in list_chains(session)
        }
    frame = pd.DataFrame([_cells(row, folders) for row in rows])
    if frame.empty:
        return frame
    scores = [
        score_frame(settings, run.run_id, mode=mode, horizon=horizon)
        for run in runs.values()
        if run is not None
    ]
    if not scores:
        return frame.reindex(columns=[*frame.columns, "scope", "key", *_SCORES])
    joined = pd.concat(scores, ignore_index=True)
    items = joined.loc[joined["scope"] == Scope.ITEM.value, ["chain_id", "scope", "key", *_SCORES]]
    return frame.merge(items, how="left", left_on=["chain_id", "item_id"], right_on=["chain_id", "key"])


def register_facts(settings: Settings) -> tuple[str | None, int]:
    """Tell which register is loaded.

    Parameters
    ----------
    settings
        Where the database is.

    Returns
    -------
    tuple of str or None, and int
        Its version, or the upload it came with, and its number of rows.
    """
    with reading(settings) as session:
        register = load_register(session)
        if register.upload is not None:
            return f"upload-{register.upload.upload_id}", len(register.rows)
        return register_version(session), len(register.rows)


def _cells(row: Bottleneck, folders: tuple[ChainFolder, ...]) -> dict[str, object]:
    chain_id, item_zh, item_en = _find_item(row, folders)
    return {
        "bottleneck_id": row.bottleneck_id,
        "name_zh": row.name_zh,
        "name_en": row.name_en,
        "five_base": row.five_base.value,
        "chain": row.chain,
        "item_id": row.item_id,
        "item_zh": item_zh,
        "item_en": item_en,
        "link_kind": row.link_kind,
        "evidence_grade": row.evidence_grade,
        "foreign_dependence": row.foreign_dependence,
        "main_foreign_suppliers": row.main_foreign_suppliers,
        "status": row.status,
        "source_id": row.source_id,
        "note": row.note,
        "chain_id": chain_id,
    }


def _find_item(
    row: Bottleneck, folders: tuple[ChainFolder, ...]
) -> tuple[str | None, str | None, str | None]:
    """Find the item a row names, in the row's own chain before the others."""
    for folder in sorted(folders, key=lambda folder: folder.chain.chain_id != row.chain):
        for item in folder.items:
            if item.item_id == row.item_id:
                return folder.chain.chain_id, item.name_zh, item.name_en
    return None, None, None
