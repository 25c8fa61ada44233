"""Firms as frames for charts and tables: ranks, sums by sector and city, what one failure reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from risk.firms.losses import FirmLosses

_TEXTS = ("firm_id", "name", "sector", "city")
_POINTS = 400
UNKNOWN_PLACE = ""


def make_firms(
    scores: pl.DataFrame | None, *, sales: float, linked: Mapping[str, tuple[str, str]], systemic_from: float
) -> pd.DataFrame:
    """Lay out the firms of a run.

    Parameters
    ----------
    scores
        From `desk.firm_pages.read_firm_scores`, the largest index first; None for no firms.
    sales
        Sum of all links.
    linked
        Chain and supplier of firms that are also in a chain, by firm id.
    systemic_from
        Index from which a firm is systemic.

    Returns
    -------
    pandas.DataFrame
        ``rank`` (1 for the largest index), ``firm`` (index in the network), ``firm_id``, ``name``, ``label``
        (the name, else the id), ``sector``, ``city``, ``share`` (of the network's sales), ``esri``,
        ``esri_down``, ``esri_up`` (0 to 1), ``sweeps``, ``is_systemic``, ``chain_id`` and ``key`` (None for
        firms in no chain).
    """
    if scores is None:
        columns = ("rank", "firm", *_TEXTS, "label", "share", "esri", "esri_down", "esri_up", "sweeps")
        return pd.DataFrame(columns=[*columns, "is_systemic", "chain_id", "key"])
    frame = pd.DataFrame({name: scores[name].to_list() for name in ("firm", *_TEXTS)})
    for name in ("esri", "esri_down", "esri_up", "sweeps"):
        frame[name] = scores[name].to_numpy()
    frame["rank"] = frame["esri"].rank(method="min", ascending=False).astype(int)
    frame["label"] = frame["name"].where(frame["name"].notna(), frame["firm_id"])
    frame["share"] = scores["sales"].to_numpy() / sales
    frame["is_systemic"] = frame["esri"] >= systemic_from
    places = [linked.get(firm_id, (None, None)) for firm_id in frame["firm_id"]]
    frame["chain_id"] = [chain_id for chain_id, _key in places]
    frame["key"] = [key for _chain_id, key in places]
    return frame


def thin_ranks(firms: pd.DataFrame, *, points: int = _POINTS) -> pd.DataFrame:
    """Keep the firms that a logarithmic axis of ranks can show; all of the first fifty are among them.

    Parameters
    ----------
    firms
        From `make_firms`.
    points
        About how many to keep.

    Returns
    -------
    pandas.DataFrame
        Firms with an index above 0, in the same order.
    """
    shown = firms[firms["esri"] > 0].reset_index(drop=True)
    if len(shown) <= points:
        return shown
    wide = np.unique(np.geomspace(1, len(shown), points).astype(int)) - 1
    return shown.iloc[np.union1d(wide, np.arange(50))].reset_index(drop=True)


def sum_by(firms: pd.DataFrame, column: str) -> pd.DataFrame:
    """Sum the firms by sector or city.

    Parameters
    ----------
    firms
        From `make_firms`.
    column
        ``sector`` or ``city``.

    Returns
    -------
    pandas.DataFrame
        ``place`` (`UNKNOWN_PLACE` where the list says nothing), ``firms``, ``share`` (of sales), ``systemic``
        (how many), ``largest`` (index), ``label`` of the firm that has it; the largest index first.
    """
    known = firms.assign(place=firms[column].fillna(UNKNOWN_PLACE))
    sums = known.groupby("place", sort=True).agg(
        firms=("firm", "size"),
        share=("share", "sum"),
        systemic=("is_systemic", "sum"),
        largest=("esri", "max"),
        label=("label", "first"),
    )
    return sums.reset_index().sort_values(["largest", "place"], ascending=[False, True], ignore_index=True)


def find_firms(firms: pd.DataFrame, words: str) -> pd.DataFrame:
    """Find firms by name, id, sector or city.

    Parameters
    ----------
    firms
        From `make_firms`.
    words
        Any case; all words, set apart by blanks, must stand in one of the cells.

    Returns
    -------
    pandas.DataFrame
        The matching firms in the same order; all for no words.
    """
    text = firms[list(_TEXTS)].fillna("").agg(" ".join, axis=1).str.casefold() if words.strip() else None
    if text is None:
        return firms
    hits = np.logical_and.reduce([text.str.contains(word, regex=False) for word in words.casefold().split()])
    return firms[hits]


def list_affected(firms: pd.DataFrame, losses: FirmLosses, stopped: int) -> pd.DataFrame:
    """List the firms that one failure reaches.

    Parameters
    ----------
    firms
        From `make_firms`.
    losses
        Of the failure.
    stopped
        Index of the firm that stops.

    Returns
    -------
    pandas.DataFrame
        ``firm``, ``firm_id``, ``label``, ``sector``, ``city``, ``lost``, ``lost_down``, ``lost_up`` (share of
        the firm's own output, 0 to 1), ``part`` (of the network's sales; they add up to the index) and
        ``is_self``; the largest part first, firms that lose nothing left out.
    """
    place = firms["firm"].to_numpy(dtype=int)
    frame = firms[["firm", "firm_id", "label", "sector", "city"]].assign(
        lost=losses.lost[place],
        lost_down=losses.lost_down[place],
        lost_up=losses.lost_up[place],
        part=(losses.lost * losses.weight)[place],
        is_self=place == stopped,
    )
    reached = frame[frame["lost"] > 0]
    return reached.sort_values(["part", "lost", "firm"], ascending=[False, False, True], ignore_index=True)
