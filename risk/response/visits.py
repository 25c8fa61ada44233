"""巡诊清单: which firms to visit so that most verdicts become decidable, chosen exactly (HiGHS)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from risk.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from risk.response.worth import OpenVerdict, Values

SECONDS = 20.0
_SIDE = 0.25
"""What losses and stocks add at most: they only decide between plans that settle equally many verdicts."""
_VISIT_COST = 1e-6


@dataclass(frozen=True, slots=True)
class Visit:
    """One firm to ask.

    Attributes
    ----------
    respondent
        Supplier id.
    unknowns
        Numbers of what it is asked: what verdicts of the plan need of it, then all else it can say about
        open verdicts.
    settles
        Verdicts of the plan that need it.
    alone
        Of these, the ones that need nobody else.
    value
        Value of all it can say, asked alone, in shares of end output.
    """

    respondent: str
    unknowns: tuple[int, ...]
    settles: tuple[int, ...]
    alone: tuple[int, ...]
    value: float


@dataclass(frozen=True, slots=True)
class VisitPlan:
    """Firms to visit and what becomes decidable.

    Attributes
    ----------
    visits
        Those that settle most first, then by value, then id.
    decidable
        Verdicts that are decidable whatever the answers are.
    stocks
        Levels that rest on an assumed stock which the visits ask for.
    open_verdicts
        How many verdicts are open in all.
    proven
        Whether no other choice of as many firms settles more.
    """

    visits: tuple[Visit, ...]
    decidable: tuple[int, ...]
    stocks: tuple[int, ...]
    open_verdicts: int
    proven: bool


def choose_visits(values: Values, *, top: int, allowed: Collection[str]) -> VisitPlan:
    """Choose the firms whose answers make most verdicts decidable.

    Parameters
    ----------
    values
        From `risk.response.value.value_unknowns`.
    top
        At most so many firms, at least 1.
    allowed
        Supplier ids that can be visited.

    Returns
    -------
    VisitPlan
        Empty when nothing can be settled by them.

    Raises
    ------
    ParameterError
        When `top` is below 1.

    Notes
    -----
    max Σ w_v z_v, z_v ≤ y_f for every firm f that v needs, Σ y_f ≤ top, y binary: exact, because a verdict
    that needs two firms is worth nothing with one, where greedy choice fails. w_v is 1 and a small part for
    the loss if wrong, which only decides between plans that settle equally many.

    References
    ----------
    methods.md section 6; docs/model.md, "Value of information".
    """
    if top < 1:
        raise ParameterError(f"top {top}: give at least 1 firm", zh=f"走访家数 {top}:至少 1 家")
    needs = {
        number: firms
        for number, one in enumerate(values.verdicts)
        if (firms := _firms_needed(values, one)) is not None and firms <= set(allowed)
    }
    names = sorted({name for firms in needs.values() for name in firms})
    chosen, proven = _solve(values, needs, names, top) if names else (frozenset(), True)
    settled = tuple(number for number, firms in needs.items() if firms <= chosen)
    decidable = tuple(number for number in settled if not values.verdicts[number].on_stock)
    return VisitPlan(
        visits=_list_visits(values, needs, chosen, settled),
        decidable=decidable,
        stocks=tuple(number for number in settled if values.verdicts[number].on_stock),
        open_verdicts=sum(not one.on_stock for one in values.verdicts),
        proven=proven,
    )


def _firms_needed(values: Values, verdict: OpenVerdict) -> frozenset[str] | None:
    """Firms that settle a verdict together; ``None`` when part of it no firm can say."""
    firms = frozenset(values.unknowns[number].respondent for number in verdict.needs)
    return None if None in firms else frozenset(name for name in firms if name is not None)


def _solve(
    values: Values, needs: Mapping[int, frozenset[str]], names: Sequence[str], top: int
) -> tuple[frozenset[str], bool]:
    place = {name: number for number, name in enumerate(names)}
    rows = [(at, place[name]) for at, firms in enumerate(needs.values()) for name in sorted(firms)]
    firms, count = len(names), len(names) + len(needs)
    # One row a need: z − y ≤ 0; the last row counts the visits.
    row_of = [*np.repeat(np.arange(len(rows)), 2).tolist(), *[len(rows)] * firms]
    column_of = [column for at, firm in rows for column in (firms + at, firm)] + list(range(firms))
    cells = [1.0, -1.0] * len(rows) + [1.0] * firms
    matrix = csr_matrix((cells, (row_of, column_of)), shape=(len(rows) + 1, count))
    limits = np.append(np.zeros(len(rows)), top)
    weights = np.concatenate([np.full(firms, _VISIT_COST), -_weights(values, needs)])
    found = milp(
        weights,
        constraints=LinearConstraint(matrix, -np.inf, limits),
        integrality=np.append(np.ones(firms), np.zeros(len(needs))),
        bounds=Bounds(0.0, 1.0),
        options={"time_limit": SECONDS, "mip_rel_gap": 0.0},
    )
    if found.x is None:
        return frozenset(), False
    return frozenset(name for name, number in place.items() if found.x[number] > 0.5), found.status == 0  # noqa: PLR2004


def _weights(values: Values, needs: Mapping[int, frozenset[str]]) -> np.ndarray:
    chance = {one.verdict: one.chance for one in values.worths if values.verdicts[one.verdict].on_stock}
    losses = np.array([values.verdicts[number].loss for number in needs])
    on_stock = np.array([values.verdicts[number].on_stock for number in needs])
    losses = losses * np.array([chance.get(number, 1.0) for number in needs])
    side = _SIDE * losses / max(float(losses.sum()), 1e-12)
    return np.asarray(np.where(on_stock, 0.0, 1.0) + side)


def _list_visits(
    values: Values, needs: Mapping[int, frozenset[str]], chosen: frozenset[str], settled: Sequence[int]
) -> tuple[Visit, ...]:
    worth = values.value_of_respondents()
    visits = []
    for name in sorted(chosen):
        mine = tuple(number for number in settled if name in needs[number])
        if not mine:
            continue
        needed = {n for number in mine for n in values.verdicts[number].needs}
        also = {one.unknown for one in values.worths if one.unknown is not None}
        asked = sorted(
            (n for n in needed | also if values.unknowns[n].respondent == name),
            key=lambda n: (n not in needed, n),
        )
        alone = tuple(number for number in mine if len(needs[number]) == 1)
        visits.append(Visit(name, tuple(asked), mine, alone, worth.get(name, 0.0)))
    return tuple(sorted(visits, key=lambda one: (-len(one.settles), -round(one.value, 9), one.respondent)))
