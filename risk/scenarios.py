"""What happens if: one simulation of any set of shocks, on values, writing nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chains.arrays import to_arrays
from chains.defaults import Defaults, KindDefaults
from chains.model import Chain, ChainRecords, Item, Kind, Mode, Perspective, Scope, Use
from chains.sources import resolve_sources
from risk.compute import checked_horizons
from risk.errors import ParameterError
from risk.kernels.scratch import make_scratch
from risk.kernels.tracing import make_trace, trace_days
from risk.model import MAIN_HORIZON, Shock
from risk.nodes import find_nodes
from risk.paths import SLACK, LossPaths
from risk.scores.exposure import exposure
from risk.scores.recovery_day import recovery_day
from risk.scores.residual import residual
from risk.scores.tts_days import tts_days
from risk.upsets import check_shocks, fresh_days, upsets_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from chains.arrays import ChainArrays, FloatArray, IntArray, Network
    from risk.kernels.scratch import Scratch
    from risk.kernels.tracing import Trace, Upsets
    from risk.model import Cut


@dataclass(frozen=True, slots=True)
class UnitLoss:
    """What one unit loses.

    Attributes
    ----------
    supplier_id, item_id
        Which unit.
    mean_loss, worst_loss
        Mean over the horizon of 1 − output, and the largest of a day; 0 to 1.
    first_day
        First day above 1 %; ``None`` if there is none.
    recovery_day
        The day after the last day above 1 %; ``None`` if there is no such day or it is the last.
    """

    supplier_id: str
    item_id: str
    mean_loss: float
    worst_loss: float
    first_day: int | None
    recovery_day: int | None


@dataclass(frozen=True, slots=True)
class Takeover:
    """Spare of one source that flows because others are down.

    Attributes
    ----------
    item_id, supplier_id
        What flows, from whom.
    buyer_id
        Whose list delivers it; ``None`` on the market.
    most, mean
        The flow at its most, and its mean over the horizon; as a fraction of the item's whole demand, or of
        the buyer's need of it.
    first_day, most_day
        First day it flows, and first day of its most.
    """

    item_id: str
    supplier_id: str
    buyer_id: str | None
    most: float
    mean: float
    first_day: int
    most_day: int


@dataclass(frozen=True, slots=True)
class Simulation:
    """Outcome of a scenario, at the point value of unknown shares.

    Attributes
    ----------
    chain_id, horizon, mode
        What was simulated; days.
    exposure
        Loss of day 0 with no stock and no substitution, 0 to 1.
    bare_loss, substituted_loss, mean_loss
        Mean day loss over the horizon with neither stock nor substitution, with substitution, and with both;
        0 to 1. What substitution and stock take off is the difference between them.
    worst_loss, worst_day
        The largest day loss with both, and its first day.
    first_day, recovery_day
        First day above 1 % and the day after the last; ``None`` as in `risk.scores`.
    loss_path, bare_path, substituted_path
        Day losses with both, with neither, with substitution; one a day.
    units
        Every unit, by supplier and item.
    takeovers
        By item, the largest first.
    """

    chain_id: str
    horizon: int
    mode: Mode
    exposure: float
    bare_loss: float
    substituted_loss: float
    mean_loss: float
    worst_loss: float
    worst_day: int | None
    first_day: int | None
    recovery_day: int | None
    loss_path: tuple[float, ...]
    bare_path: tuple[float, ...]
    substituted_path: tuple[float, ...]
    units: tuple[UnitLoss, ...]
    takeovers: tuple[Takeover, ...]


def simulate(
    records: ChainRecords,
    shocks: Sequence[Shock],
    *,
    defaults: Defaults,
    mode: Mode = Mode.RUN,
    horizon: int = MAIN_HORIZON,
    cuts: Sequence[Cut] = (),
    perspective: Perspective = Perspective.WORLD,
    home: Collection[str] = ("CHN",),
) -> Simulation:
    """Simulate shocks and cuts that act together.

    Parameters
    ----------
    records
        Joined and restricted facts.
    shocks
        Any number, each with its scope, key, severity, days and recovery; none: nothing is lost.
    defaults
        What blanks mean.
    mode
        Run or build.
    horizon
        Days, 1 to 3650.
    cuts
        Deliveries that stop at a border; perspective home only.
    perspective
        Whose output counts.
    home
        ISO alpha-3 codes of the home countries, or provinces as ``CHN/江苏``.

    Returns
    -------
    Simulation
        At the point value of unknown shares.

    Raises
    ------
    UnknownKeyError
        When a shock names no node of the chain, with near matches.
    ParameterError
        When a severity, a day or the horizon is out of range, the chain has no end product, or a cut is
        to be seen from the world.
    """
    (days,) = checked_horizons([horizon])
    is_home = perspective is Perspective.HOME
    if cuts and not is_home:
        raise ParameterError(
            "a cut is seen from home: use perspective home", zh="断供要从本土看:请用本土视角"
        )
    everything: list[Shock | Cut] = [*shocks, *cuts]
    check_shocks(everything, horizon=days)
    _check_ends(records)
    sources = resolve_sources(records, defaults)
    arrays = to_arrays(records, defaults, sources, home=home if is_home else ())
    members = find_nodes(records, sources, scopes=tuple(Scope), home=home)
    upsets = upsets_of(arrays, members, shocks, cuts)
    # The ramp starts with the first shock, also where that one stops nobody of this chain.
    begin = min((one.start_day for one in everything), default=0)
    bare, substituted, full = _trace_variants(arrays.network, upsets, begin=begin, mode=mode, horizon=days)
    paths = LossPaths(*(trace.loss[None, :] for trace in (bare, substituted, full)))
    worst = int(full.loss.argmax())
    return Simulation(
        chain_id=records.chain.chain_id,
        horizon=days,
        mode=mode,
        exposure=float(exposure(paths, days)[0]),
        bare_loss=float(bare.loss.mean()),
        substituted_loss=float(substituted.loss.mean()),
        mean_loss=float(residual(paths, days)[0]),
        worst_loss=float(full.loss[worst]),
        worst_day=worst if full.loss[worst] > SLACK else None,
        first_day=_day(tts_days(paths, days)[0]),
        recovery_day=_day(recovery_day(paths, days)[0]),
        loss_path=tuple(full.loss.tolist()),
        bare_path=tuple(bare.loss.tolist()),
        substituted_path=tuple(substituted.loss.tolist()),
        units=tuple(_unit_losses(arrays, full, days)),
        takeovers=tuple(_takeovers(arrays, full, days)),
    )


def load_kernel() -> None:
    """Compile the day loop, or load it from the cache, by simulating a chain of one item."""
    item = Item("A", "A", "A", Kind.PRODUCT)
    records = ChainRecords(Chain("one", "A", "A"), (item,), (), (), (), (), end_weights=(("A", 1.0),))
    usual = KindDefaults(Use.CONSUMABLE, ramp_days=0.0, qualification_days=0.0)
    defaults = Defaults(
        kinds=dict.fromkeys(Kind, usual),
        spare_ratio=0.0,
        nonessential_weight=0.0,
        attrition_other=0.0,
        blank_cap=0.0,
        essential=True,
        qualified=True,
        suppliers_complete=True,
        list_complete=True,
        home_use=0.0,
    )
    simulate(records, [Shock(Scope.ITEM, "A")], defaults=defaults, horizon=1)


def _check_ends(records: ChainRecords) -> None:
    if records.end_weights:
        return
    chain_id = records.chain.chain_id
    raise ParameterError(
        f"chain {chain_id} has no end product, so there is no loss to measure; give a weight in items.csv",
        zh=f"产业链 {chain_id} 没有终端产品,无从计算损失;请在 items.csv 里给终端产品写 weight",
    )


def _trace_variants(network: Network, upsets: Upsets, *, begin: int, mode: Mode, horizon: int) -> list[Trace]:
    """Traces without stock and substitution, with substitution, with both."""
    touched = _reach(network, upsets)
    traces = []
    for substitutes, stocked in ((False, False), (True, False), (True, True)):
        fresh = fresh_days(network, upsets, begin=begin, horizon=horizon, substitutes=substitutes)
        trace = make_trace(network, horizon=horizon)
        memory = _memory(network, stocked=stocked)
        ramp = begin if substitutes else -1
        trace_days(network, upsets, memory, trace, touched, fresh, ramp, mode is Mode.RUN)
        traces.append(trace)
    return traces


def _memory(network: Network, *, stocked: bool) -> Scratch:
    memory = make_scratch(network)
    if stocked:
        memory.stock[:] = network.cover_days
    return memory


def _reach(network: Network, upsets: Upsets) -> IntArray:
    """Find the cells that the upsets can move, in the order of solution."""
    order = network.build_order
    seen = np.zeros(len(order.level_of_cell), dtype=np.bool_)
    start, cells = network.seed_start, network.seed_cell
    hit = np.unique(upsets.target).tolist()
    waiting = [cell for target in hit for cell in cells[start[target] : start[target + 1]].tolist()]
    while waiting:
        cell = waiting.pop()
        if not seen[cell]:
            seen[cell] = True
            waiting += order.dependent_cell[
                order.dependent_start[cell] : order.dependent_start[cell + 1]
            ].tolist()
    # Spare of one region runs for the other, which may itself be served.
    items = len(network.end_weight)
    served = np.flatnonzero(seen[items : 2 * items] & network.is_delivered)
    seen[items + network.other_place[served]] = True
    return np.flatnonzero(seen)


def _unit_losses(arrays: ChainArrays, trace: Trace, horizon: int) -> Iterator[UnitLoss]:
    order = sorted(range(arrays.whole_units()), key=arrays.units.__getitem__)
    for number in order:
        supplier, item = arrays.units[number]
        first, last = int(trace.unit_first_day[number]), int(trace.unit_last_day[number])
        yield UnitLoss(
            supplier_id=supplier,
            item_id=item,
            mean_loss=_share(trace.unit_loss, number) / horizon,
            worst_loss=_share(trace.unit_worst, number),
            first_day=first if first >= 0 else None,
            recovery_day=last + 1 if 0 <= last < horizon - 1 else None,
        )


def _takeovers(arrays: ChainArrays, trace: Trace, horizon: int) -> list[Takeover]:
    network = arrays.network
    list_of_entry = np.repeat(np.arange(len(arrays.lists)), np.diff(network.entry_start))
    units, whole = len(arrays.units), arrays.whole_units()
    found: dict[tuple[str, str, str | None], Takeover] = {}
    for source in np.flatnonzero(trace.flow_first_day >= 0).tolist():
        entry = source - units
        if whole <= source < units:
            continue
        supplier, item = arrays.units[source if entry < 0 else int(network.entry_unit[entry])]
        one = Takeover(
            item_id=item,
            supplier_id=supplier,
            buyer_id=None if entry < 0 else arrays.lists[list_of_entry[entry]][0],
            most=_share(trace.flow_most, source),
            mean=_share(trace.flow, source) / horizon,
            first_day=int(trace.flow_first_day[source]),
            most_day=int(trace.flow_most_day[source]),
        )
        # Of a list that tiers narrow more than once, the place where the source takes over most.
        key = (item, supplier, one.buyer_id)
        found[key] = max(found.get(key, one), one, key=lambda each: each.most)
    return sorted(found.values(), key=_takeover_order)


def _takeover_order(takeover: Takeover) -> tuple[str, str, float, str]:
    return takeover.item_id, takeover.buyer_id or "", -takeover.most, takeover.supplier_id


def _share(values: FloatArray, number: int) -> float:
    return max(0.0, float(values[number]))


def _day(value: float) -> int | None:
    return None if np.isnan(value) else int(value)
