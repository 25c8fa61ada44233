"""Scores of a run as frames for the screen: one row a node, with the three ends side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from chains.model import Scope
from desk.rows import EndScores
from desk.waterfall import build_waterfall
from risk.model import ENDS, Level, Verdict
from views.heatmap import is_to_verify, rank_nodes

if TYPE_CHECKING:
    from collections.abc import Sequence

LISTED_SCOPES = (Scope.SUPPLIER, Scope.PARENT, Scope.COUNTRY)
"""Scopes of the lists of the worst: items are essential by definition, places are scenarios."""


SCORES = ("exposure", "substitution", "residual", "tts_days", "recovery_day")
_TEXTS = ("scope", "key", "name_zh", "name_en", "country", "province", "city", "worst_slot_item", "defaults")
_JUDGED = ("level", "level_run", "level_build", "level_point", "level_high", "decided_by", "verdict")
_FLAGS = ("home", "scored", "structural_run", "structural_build")


def settle_types(read: pd.DataFrame) -> pd.DataFrame:
    """Give the scores that the desk read the types that pages count on.

    Parameters
    ----------
    read
        From `desk.reading.score_frame`.

    Returns
    -------
    pandas.DataFrame
        The same columns: text and flags as objects with ``None`` for unknown, scores as floats with NaN
        for none. Index 0, 1, 2 ...
    """
    columns = {}
    for name in read.columns:
        if name.rpartition("_")[0] in SCORES or name in ("firms", "worst_slot_level"):
            columns[name] = read[name].astype("float64")
        else:
            cells = read[name].astype(object)
            columns[name] = cells.where(cells.notna(), None)
    return pd.DataFrame(columns).reset_index(drop=True)


def no_scores() -> pd.DataFrame:
    """Make a frame of no nodes.

    Returns
    -------
    pandas.DataFrame
        With the columns of `settle_types`.
    """
    texts = dict.fromkeys(("chain_id", *_TEXTS, *_JUDGED, *_FLAGS), object)
    numbers = dict.fromkeys(
        ("firms", "worst_slot_level", *(f"{name}_{end}" for name in SCORES for end in ENDS)), float
    )
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in (texts | numbers).items()})


def select_listed(scores: pd.DataFrame, scopes: Sequence[Scope] = LISTED_SCOPES) -> pd.DataFrame:
    """Keep the nodes of lists and counts: suppliers, groups of more than one firm, countries, if scored.

    Parameters
    ----------
    scores
        From `settle_types`.
    scopes
        Which scopes to keep.

    Returns
    -------
    pandas.DataFrame
        The rows kept.
    """
    in_scope = scores["scope"].isin([scope.value for scope in scopes])
    is_group = (scores["scope"] != Scope.PARENT.value) | (scores["firms"] > 1)
    is_judged = scores["scored"].astype(bool) & (scores["verdict"] != Verdict.COUNTRY_ONLY.value)
    return scores[in_scope & is_group & is_judged]


def list_worst(
    scores: pd.DataFrame, *, home: bool, top: int, scopes: Sequence[Scope] = LISTED_SCOPES
) -> pd.DataFrame:
    """List the worst nodes of one side with the steps of their waterfall at the low end.

    Parameters
    ----------
    scores
        From `settle_types`.
    home
        True for 境内集中, False for 境外对我.
    top
        How many.
    scopes
        Which scopes to list.

    Returns
    -------
    pandas.DataFrame
        Worst first, with ``exposure``, ``by_substitution``, ``by_stock``, ``residual`` added.
    """
    listed = select_listed(scores, scopes)
    side = listed["home"].eq(home).fillna(value=False).astype(bool)
    return add_waterfall(rank_nodes(listed[side]).head(top))


def add_waterfall(scores: pd.DataFrame) -> pd.DataFrame:
    """Add the steps from exposure to residual at the low end.

    Parameters
    ----------
    scores
        With ``exposure_low``, ``substitution_low`` and ``residual_low``.

    Returns
    -------
    pandas.DataFrame
        With ``exposure``, ``by_substitution``, ``by_stock`` and ``residual``; NaN without scores.
    """
    low_ends = scores[["exposure_low", "substitution_low", "residual_low"]].to_numpy(dtype="float64")
    steps = [
        build_waterfall(EndScores(_known(exposure), _known(substitution), _known(residual), None, None))
        for exposure, substitution, residual in low_ends
    ]
    names = ("exposure", "by_substitution", "by_stock", "residual")
    return scores.assign(**{name: [getattr(step, name, np.nan) for step in steps] for name in names})


def count_levels(scores: pd.DataFrame) -> dict[str, int]:
    """Count listed nodes by side and level.

    Parameters
    ----------
    scores
        From `settle_types`.

    Returns
    -------
    dict
        ``foreign_red``, ``foreign_orange``, ``foreign_yellow``, the same with ``home_``, and
        ``to_verify``: nodes whose point value would reach a higher level.
    """
    listed = select_listed(scores)
    counts = {
        f"{side}_{level.value}": int((listed["home"].eq(home) & listed["level"].eq(level.value)).sum())
        for side, home in (("foreign", False), ("home", True))
        for level in (Level.RED, Level.ORANGE, Level.YELLOW)
    }
    return counts | {"to_verify": int(is_to_verify(listed).sum())}


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
