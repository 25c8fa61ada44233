"""Bands of drawn shares beside the exact ranges, computed on the data of the latest run and kept with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chains.defaults import load_defaults
from chains.model import Mode, Scope
from chains.regions import HOME_COUNTRY
from chains.repository import load_records
from chains.version import data_version
from desk.apart import run_apart, run_child, tell_done
from desk.chain_names import require_chain
from desk.scores import require_run
from desk.store import reading, writing
from risk.errors import ParameterError, RunStateError
from risk.model import NODE_SCOPES, Level
from risk.repository import read_scores

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.orm import Session

    from chains.defaults import Defaults
    from chains.model import ChainRecords
    from desk.output import Cell
    from risk.model import Run
    from risk.ranges.bands import Band
    from risk.ranges.repository import StoredBand
    from settings import Settings

TOP = 30
"""Nodes computed unless one is named: the worst by their high end."""
BAND_COLUMNS = (
    "scope",
    "key",
    "mode",
    "score",
    "low",
    "point",
    "high",
    "q05",
    "q50",
    "q95",
    "draws",
    "seed",
)


@dataclass(frozen=True, slots=True)
class BandRun:
    """Bands and what gives them again.

    Attributes
    ----------
    run
        The run they stand beside.
    bands
        By node, mode and score.
    draws, seed
        As stored.
    """

    run: Run
    bands: tuple[Band, ...]
    draws: int
    seed: int

    def cells(self) -> list[dict[str, Cell]]:
        """One row a band, by the names of `BAND_COLUMNS`."""
        names = ("low", "point", "high", "q05", "q50", "q95")
        return [
            {
                "scope": band.scope.value,
                "key": band.key,
                "mode": band.mode.value,
                "score": band.score,
                **{name: getattr(band, name) for name in names},
                "draws": self.draws,
                "seed": self.seed,
            }
            for band in self.bands
        ]


def compute_chain_bands(
    settings: Settings,
    chain_id: str,
    *,
    node: tuple[Scope, str] | None = None,
    top: int = TOP,
    draws: int | None = None,
    seed: int | None = None,
    progress: Callable[[float], object] | None = None,
) -> BandRun:
    """Compute the bands of one node, or of the worst by their high end, and store them.

    Parameters
    ----------
    settings
        Where database and defaults are.
    chain_id
        Which chain.
    node
        ``(scope, key)``; ``None`` for the worst.
    top
        How many of the worst.
    draws, seed
        ``None`` for those of `risk.ranges.bands`.
    progress
        Called with the fraction done, 0 to 1.

    Returns
    -------
    BandRun
        As stored.

    Raises
    ------
    UnknownKeyError
        When chain or node do not exist, with near matches.
    RunStateError
        When the chain has no run, or data or defaults changed after it.
    ParameterError
        When the node has no scores, or draws or seed are out of range.
    """
    from risk.ranges import bands as engine
    from risk.ranges.repository import store_bands

    draws = engine.DEFAULT_DRAWS if draws is None else draws
    seed = engine.DEFAULT_SEED if seed is None else seed
    defaults = load_defaults(settings.data_dir / "defaults.toml")
    with reading(settings) as session:
        require_chain(session, chain_id)
        run = require_run(session, chain_id)
        records = load_records(session, chain_id)
        worst = _rank_by_high_end(session, run)
    _check_same(run, records, defaults)
    nodes = [_scored_node(worst, node)] if node else [(row[0], row[1]) for row in worst[:top] if row[2]]
    bands = engine.compute_bands(
        records,
        nodes,
        defaults=defaults,
        horizon=run.request.main_horizon,
        draws=draws,
        seed=seed,
        home=(HOME_COUNTRY,),
        progress=progress,
    )
    with writing(settings) as session:
        store_bands(session, run.run_id, bands, draws=draws, seed=seed)
    return BandRun(run, bands, draws, seed)


def read_node_bands(settings: Settings, run_id: int, *, scope: Scope, key: str) -> tuple[StoredBand, ...]:
    """Read the stored band of one node.

    Parameters
    ----------
    settings
        Where the database is.
    run_id
        A successful run.
    scope, key
        Which node.

    Returns
    -------
    tuple of StoredBand
        Empty when none was computed.
    """
    from risk.ranges.repository import read_bands

    with reading(settings) as session:
        return read_bands(session, run_id, scope=scope, key=key)


def compute_bands_apart(
    chain_id: str, *, scope: Scope, key: str, progress: Callable[[float], object] | None = None
) -> None:
    """Compute the band of one node in a process of its own, for a page.

    Parameters
    ----------
    chain_id, scope, key
        Which node.
    progress
        Called with the fraction done, 0 to 1.

    Raises
    ------
    ApartError
        With what `compute_chain_bands` said.
    """
    run_apart("desk.bands", [chain_id, scope.value, key], progress=progress)


_Ranked = tuple[Scope, str, bool, bool]  # scope, key, whether its ends differ, whether it has scores


def _rank_by_high_end(session: Session, run: Run) -> list[_Ranked]:
    """Order the nodes from the worst high end: level, residual of run, exposure of build, key."""
    days = run.request.main_horizon
    run_rows, build_rows = (
        read_scores(session, run.run_id, mode=mode, horizon=days, scopes=NODE_SCOPES).to_dicts()
        for mode in Mode
    )
    ranked = []
    for one, other in zip(run_rows, build_rows, strict=True):
        pairs = [(row["exposure_low"], row["exposure_high"]) for row in (one, other)]
        scored = one["scored"] and one["exposure_low"] is not None
        wide = scored and any(low != high for low, high in pairs)
        losses = (one["residual_high"] or 0.0, other["exposure_high"] or 0.0)
        worst = (-Level(one["level_high"]).rank, *(-round(loss, 9) for loss in losses))
        ranked.append((not wide, worst, one["key"], (Scope(one["scope"]), one["key"], wide, bool(scored))))
    return [row[-1] for row in sorted(ranked, key=lambda row: row[:3])]


def _scored_node(nodes: Sequence[_Ranked], wanted: tuple[Scope, str]) -> tuple[Scope, str]:
    scored = {(scope, key): has_scores for scope, key, _, has_scores in nodes}
    if scored.get(wanted) is False:
        raise ParameterError(
            f"{wanted[0].value} {wanted[1]} has no scores: its items are resolved by country shares only",
            zh=f"{wanted[1]} 没有分数:它的物料只有国家/地区份额,算不出波动带",
        )
    return wanted


def _check_same(run: Run, records: ChainRecords, defaults: Defaults) -> None:
    """Refuse to set a band beside scores of other data."""
    same_defaults = run.parameters.get("defaults") == defaults.as_dict()
    if run.data_version != data_version(records) or not same_defaults:
        chain_id = run.request.chain_id
        raise RunStateError(
            f"data or defaults of chain {chain_id} changed after its latest run; "
            f"run lianwen recompute --chain {chain_id} first",
            zh=f"链 {chain_id} 的数据或缺省值在最近一次运行之后变了;"
            f"请先执行 lianwen recompute --chain {chain_id}",
        )


def _main(words: Sequence[str]) -> None:
    from settings import load_settings, prepare_environment

    settings = load_settings()
    prepare_environment(settings)
    chain_id, scope, key = words
    compute_chain_bands(settings, chain_id, node=(Scope(scope), key), progress=tell_done)


if __name__ == "__main__":
    run_child(_main)
