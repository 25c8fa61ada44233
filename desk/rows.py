"""Scores as rows: one node in one mode at one horizon, in the order people and programs expect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from chains.model import End, Mode, Perspective, Scope
from risk.model import ENDS, Level
from risk.scores import SCORE_NAMES

if TYPE_CHECKING:
    from desk.output import Cell

DAYS = ("tts_days", "recovery_day")
_RANK_DECIMALS = 9
_ENDS = tuple(f"{score}_{end}" for score in SCORE_NAMES for end in ENDS)
BRIEF_COLUMNS = ("scope", "key", "name_zh", *SCORE_NAMES, "level", "verdict", "structural")
SCORE_COLUMNS = (
    "scope",
    "key",
    *SCORE_NAMES,
    "level",
    "verdict",
    "defaults",
    "name_zh",
    "name_en",
    "home",
    "country",
    "province",
    "city",
    "firms",
    "scored",
    "structural",
    "structural_run",
    "structural_build",
    "decided_by",
    "level_run",
    "level_build",
    "level_point",
    "level_high",
    "worst_slot_item",
    "worst_slot_level",
    *_ENDS,
)
"""Columns of ``scores --format csv``: the first ten are fixed, later ones are only ever added."""


@dataclass(frozen=True, slots=True)
class EndScores:
    """The five scores of one node at one end of its range.

    Attributes
    ----------
    exposure, substitution, residual
        0 to 1; ``None`` when undefined or not scored.
    tts_days, recovery_day
        Days from 0; ``None`` when there is no such day.
    """

    exposure: float | None
    substitution: float | None
    residual: float | None
    tts_days: int | None
    recovery_day: int | None


def spread_scores(frame: pl.DataFrame, *, mode: Mode, end: End) -> pl.DataFrame:
    """Bring a frame of `risk.repository.read_scores` into `SCORE_COLUMNS`.

    Parameters
    ----------
    frame
        One row a node, with all three ends.
    mode
        The mode of the frame; decides which structural flag is the plain one.
    end
        Which end stands in the columns without a suffix.

    Returns
    -------
    polars.DataFrame
        The same rows; days as integers; null for unknown or none.
    """
    days = [pl.col(name).round().cast(pl.Int64) for name in _ENDS if name.startswith(DAYS)]
    plain = [pl.col(f"{score}_{end}").alias(score) for score in SCORE_NAMES]
    structural = pl.col(f"structural_{mode}").alias("structural")
    return frame.with_columns(days).with_columns(*plain, structural).select(SCORE_COLUMNS)


def rank_scores(frame: pl.DataFrame, *, perspective: Perspective = Perspective.WORLD) -> pl.DataFrame:
    """Order rows from the worst: low-end level, low residual, low exposure, key, scope.

    Parameters
    ----------
    frame
        One row a node, with ``level``, ``residual_low``, ``exposure_low``, ``scope`` and ``key``; seen from
        home also ``residual_point`` and ``exposure_point``.
    perspective
        Seen from home most low ends abroad are 0 and to verify, so point values order them before keys do.

    Returns
    -------
    polars.DataFrame
        The same rows; nodes without scores come last in their level.
    """
    rank = pl.col("level").replace_strict(
        {level.value: -level.rank for level in Level}, return_dtype=pl.Int64
    )
    scope = pl.col("scope").replace_strict({scope.value: place for place, scope in enumerate(Scope)})
    # Rounded as they are written, so that noise in the last bits does not order nodes that look equal.
    ends = ("low", "point") if perspective is Perspective.HOME else ("low",)
    names = [f"{score}_{end}" for end in ends for score in ("residual", "exposure")]
    worst = [-pl.col(name).round(_RANK_DECIMALS) for name in names]
    order = [rank, *worst, pl.col("key"), scope]
    return frame.sort(order, nulls_last=True, maintain_order=True)


def list_cells(frame: pl.DataFrame) -> list[dict[str, Cell]]:
    """Turn a frame into rows for `desk.output`.

    Parameters
    ----------
    frame
        Any frame.

    Returns
    -------
    list of dict
        Cells by column; ``None`` for null.
    """
    return frame.to_dicts()


def read_end(row: dict[str, Any], end: End) -> EndScores:
    """Read one end of one row.

    Parameters
    ----------
    row
        Of a frame from `spread_scores`.
    end
        Which end.

    Returns
    -------
    EndScores
        ``None`` for null.
    """
    return EndScores(**{score: row[f"{score}_{end}"] for score in SCORE_NAMES})
