"""Scores as rows: one node in one mode at one horizon, in the order people and programs expect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from chains.model import End, Mode, Perspective, Scope
from risk.model import ENDS, Level
from risk.scores import SCORE_NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    ends = ("low", "point") if perspective is Perspective.HOME else ("low",)
    names = [f"{score}_{end}" for end in ends for score in ("residual", "exposure")]
    return _sort_worst(frame, [rank], names)


def rank_in_mode(frame: pl.DataFrame, mode: Mode) -> pl.DataFrame:
    """Order rows by the score that decides in one mode, whatever the level of the other mode is.

    Parameters
    ----------
    frame
        One row a node, with the columns of `deciding_columns`, ``scope`` and ``key``.
    mode
        Run or build.

    Returns
    -------
    polars.DataFrame
        The same rows, the largest low end first, then point, high end, key, scope; nodes without scores last.
    """
    return _sort_worst(frame, [], deciding_columns(mode))


def deciding_columns(mode: Mode) -> tuple[str, ...]:
    """Name what orders nodes in one mode: residual of run, exposure of build; low end, point, high end.

    Parameters
    ----------
    mode
        Run or build.

    Returns
    -------
    tuple of str
        Columns of `SCORE_COLUMNS`.
    """
    score = "exposure" if mode is Mode.BUILD else "residual"
    return tuple(f"{score}_{end}" for end in ENDS)


def _sort_worst(frame: pl.DataFrame, first: list[pl.Expr], names: Sequence[str]) -> pl.DataFrame:
    scope = pl.col("scope").replace_strict({scope.value: place for place, scope in enumerate(Scope)})
    # Rounded as they are written, so that noise in the last bits does not order nodes that look equal.
    worst = [-pl.col(name).round(_RANK_DECIMALS) for name in names]
    return frame.sort([*first, *worst, pl.col("key"), scope], nulls_last=True, maintain_order=True)


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
