"""The verdict at each line, red, orange and yellow in both modes, from the scores that a run stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from chains.model import Mode, Perspective
from desk.chain_names import require_chain
from desk.scores import require_run
from desk.store import reading
from risk.levels import Lines
from risk.ranges.verdicts import DECIDING_SCORE, LINE_COLUMNS, LINE_LEVELS, line_verdicts
from risk.repository import read_scores

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from risk.model import Run, Verdict
    from settings import Settings


__all__ = ["LINE_COLUMNS", "add_verdicts", "judge_lines", "list_verdicts", "stored_lines"]


def list_verdicts(
    settings: Settings, chain_id: str, perspective: Perspective = Perspective.WORLD
) -> pl.DataFrame:
    """Judge every node of a chain's latest successful run in one perspective at every line.

    Parameters
    ----------
    settings
        Where the database is.
    chain_id
        Which chain.
    perspective
        Whose loss is measured.

    Returns
    -------
    polars.DataFrame
        ``scope``, ``key`` and `risk.ranges.verdicts.LINE_COLUMNS`, each above, below, cannot_tell or
        country_only; at the run's main horizon and with the lines that it used.

    Raises
    ------
    UnknownKeyError
        When the chain is not loaded.
    RunStateError
        When it has no successful run.
    """
    with reading(settings) as session:
        require_chain(session, chain_id)
        run = require_run(session, chain_id, perspective)
        days = run.request.main_horizon
        frames = {mode: read_scores(session, run.run_id, mode=mode, horizon=days) for mode in Mode}
    ends = {
        mode: {name: frame[name].to_numpy() for name in frame.columns if name.endswith(("_low", "_high"))}
        for mode, frame in frames.items()
    }
    found = judge_lines(stored_lines(run), ends)
    columns = {name: [str(one) for one in verdicts] for name, verdicts in found.items()}
    return (
        frames[Mode.RUN]
        .select("scope", "key")
        .with_columns(pl.Series(name, cells, dtype=pl.String) for name, cells in columns.items())
    )


def add_verdicts(
    settings: Settings,
    chain_id: str,
    scores: pl.DataFrame,
    perspective: Perspective = Perspective.WORLD,
) -> pl.DataFrame:
    """Set the verdicts at each line beside rows of scores.

    Parameters
    ----------
    settings
        Where the database is.
    chain_id
        Which chain.
    scores
        Rows with ``scope`` and ``key``.
    perspective
        Whose loss is measured.

    Returns
    -------
    polars.DataFrame
        The same rows in the same order, with `risk.ranges.verdicts.LINE_COLUMNS` at the end.

    Raises
    ------
    RunStateError
        When the chain has no successful run.
    """
    found = list_verdicts(settings, chain_id, perspective)
    return scores.join(found, on=["scope", "key"], how="left", maintain_order="left")


def stored_lines(run: Run) -> dict[Mode, Lines]:
    """Read the lines that a run used.

    Parameters
    ----------
    run
        A successful run.

    Returns
    -------
    dict
        By mode; empty when the run stored none.
    """
    stored = run.parameters.get("levels")
    if not isinstance(stored, dict):
        return {}
    return {mode: Lines(**stored[mode.value]) for mode in Mode}


def judge_lines(
    lines: Mapping[Mode, Lines], ends: Mapping[Mode, Mapping[str, Any]]
) -> dict[str, list[Verdict]]:
    """Judge nodes at every line of both modes.

    Parameters
    ----------
    lines
        By mode.
    ends
        By mode, arrays of shape (nodes,) named like ``residual_low``: residual and tts_days of run,
        exposure of build, at the main horizon; NaN for none.

    Returns
    -------
    dict
        By name of `LINE_COLUMNS`; without entries where no lines are known.
    """
    found: dict[str, list[Verdict]] = {}
    for mode, rows in lines.items():
        score = DECIDING_SCORE[mode]
        low, high = _floats(rows_of := ends[mode], f"{score}_low"), _floats(rows_of, f"{score}_high")
        early = mode is Mode.RUN
        verdicts = line_verdicts(
            rows,
            low,
            high,
            first_day_low=_floats(rows_of, "tts_days_low") if early else None,
            first_day_high=_floats(rows_of, "tts_days_high") if early else None,
        )
        found |= {f"{mode}_{level}": verdicts[level] for level in LINE_LEVELS}
    return {name: found[name] for name in LINE_COLUMNS if name in found}


def _floats(rows: Mapping[str, Any], name: str) -> NDArray[np.float64]:
    return np.atleast_1d(np.asarray(rows[name], dtype=np.float64))
