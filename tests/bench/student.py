"""The direct way to score stops: numpy, day by day, every cell of the chain every day.

What a good student writes from sections 3 to 5 of docs/model.md in an afternoon, to set the cost of the
engine beside. Blanks are decided already: it reads the same arrays as the engine, with shares at their point
value. It knows neither tiers, nor priorities, nor two regions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chains.model import Mode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chains.arrays import FloatArray, Network

SETTLED = 1e-12


@dataclass
class State:
    """What users hold at the start of a day, by holding: days of stock, installed base."""

    stock: FloatArray
    base: FloatArray


class Student:
    """Simulates stops of suppliers on one chain."""

    def __init__(self, network: Network, mode: Mode) -> None:
        self.network = network
        self.items, self.lists = len(network.end_weight), len(network.item_of_list)
        self.row_of_slot = np.repeat(np.arange(len(network.slot_start) - 1), np.diff(network.slot_start))
        self.essential = np.flatnonzero(network.slot_group >= 0)
        rows, groups = self.row_of_slot[self.essential], network.slot_group[self.essential]
        new = np.ones(len(rows), dtype=np.bool_)
        new[1:] = (rows[1:] != rows[:-1]) | (groups[1:] != groups[:-1])
        self.group_start = np.flatnonzero(new)
        self.row_of_group = rows[self.group_start]
        self.other = np.flatnonzero(network.slot_group < 0)
        self.held = network.lives_on_base if mode is Mode.RUN else np.zeros_like(network.is_capital)
        self.contracted = network.cell_of_unit >= 0
        self.list_of_entry = np.repeat(np.arange(self.lists), np.diff(network.entry_start))
        self.variant_of = np.repeat(np.arange(self.items), np.diff(network.variant_start))

    def losses(self, stopped: Sequence[int], *, horizon: int) -> FloatArray:
        """Day losses, shape (3, days): bare, with substitution, with substitution and stock."""
        works = np.ones(len(self.network.share_of_unit))
        works[list(stopped)] = 0.0
        return np.stack(
            [
                self._days(works, horizon, with_stock=stock, with_spare=spare)
                for stock, spare in ((False, False), (False, True), (True, True))
            ]
        )

    def _days(self, works: FloatArray, horizon: int, *, with_stock: bool, with_spare: bool) -> FloatArray:
        network = self.network
        state = State(network.cover_days * with_stock, np.ones(self.items + self.lists))
        losses = np.zeros(horizon)
        for day in range(horizon):
            delivered = self._solve(state, works, day if with_spare else -1.0)
            losses[day] = network.end_weight @ (1.0 - delivered[: self.items])
            missing = 1.0 - delivered
            state.stock = np.maximum(0.0, state.stock - missing)
            state.base = np.maximum(0.0, state.base - network.attrition_per_day * missing)
        return losses

    def _solve(self, state: State, works: FloatArray, day: float) -> FloatArray:
        """What items and lists deliver on a day: from 1 downwards until nothing moves."""
        network = self.network
        spare = network.spare_of_unit * (network.ready_of_unit <= day)
        entry_spare = network.spare_of_entry * (network.ready_of_entry <= day)
        delivered = np.ones(self.items + self.lists)
        runs = np.ones(len(works))
        while True:
            limits = self._limits(self._gets(delivered, state))
            market = self._with_variants(limits[: self.items], delivered, state)
            new_runs = runs.copy()
            new_runs[network.contracted_unit] = np.minimum(
                works[network.contracted_unit], limits[self.items :]
            )
            new = np.concatenate(
                (self._make(market, runs, works, spare), self._deliver(market, runs, works, entry_spare))
            )
            moved = max(np.abs(new - delivered).max(), np.abs(new_runs - runs).max())
            delivered, runs = new, new_runs
            if moved <= SETTLED:
                return delivered

    def _gets(self, delivered: FloatArray, state: State) -> FloatArray:
        """What users get of each item and of each list."""
        with_stock = np.minimum(1.0, delivered + np.where(self.network.is_capital, 0.0, state.stock))
        return np.where(self.held, state.base, with_stock)

    def _limits(self, gets: FloatArray) -> FloatArray:
        """What the slots of each item and of each contracted unit allow."""
        network = self.network
        got = gets[network.slot_holding]
        limits = np.ones(len(network.slot_start) - 1)
        best = np.maximum.reduceat(got[self.essential], self.group_start) if len(self.essential) else got[:0]
        np.minimum.at(limits, self.row_of_group, best)
        lost = np.bincount(
            self.row_of_slot[self.other],
            network.slot_weight[self.other] * (1.0 - got[self.other]),
            minlength=len(limits),
        )
        return np.maximum(0.0, np.minimum(limits, 1.0 - lost))

    def _with_variants(self, limits: FloatArray, delivered: FloatArray, state: State) -> FloatArray:
        network = self.network
        gets = self._gets(delivered, state)[network.variant_item]
        reached = np.where(
            network.has_sources[self.variant_of], delivered[: self.items][network.variant_item], gets
        )
        sums = np.bincount(self.variant_of, network.variant_weight * reached, minlength=self.items)
        has_variants = np.diff(network.variant_start) > 0
        return np.where(has_variants, np.minimum(limits, sums), limits)

    def _make(self, market: FloatArray, runs: FloatArray, works: FloatArray, spare: FloatArray) -> FloatArray:
        """Put out each item: contracted plants first, then who buys on the market, spare last."""
        network = self.network
        fixed = self._sum_units(np.where(self.contracted, network.share_of_unit * runs, 0.0))
        base = self._sum_units(np.where(self.contracted, 0.0, network.share_of_unit * works))
        spares = self._sum_units(spare * np.where(self.contracted, runs, works))
        base += np.where(network.has_sources, network.others_of_item, 1.0)
        rest = np.minimum(base + spares, market * (1.0 - fixed))
        return np.minimum(1.0, fixed + rest)

    def _sum_units(self, values: FloatArray) -> FloatArray:
        sums: FloatArray = np.bincount(self.network.item_of_unit, values, minlength=self.items).astype(
            np.float64
        )
        return sums

    def _deliver(
        self, market: FloatArray, runs: FloatArray, works: FloatArray, spare: FloatArray
    ) -> FloatArray:
        """What buyers' lists bring."""
        network = self.network
        open_market = works * market[network.item_of_unit]
        gives = np.where(self.contracted, runs, open_market)[network.entry_unit]
        brought = np.bincount(
            self.list_of_entry, (network.share_of_entry + spare) * gives, minlength=self.lists
        )
        return np.minimum(1.0, network.others_of_list + brought)
