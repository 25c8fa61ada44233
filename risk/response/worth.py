"""Verdicts that an answer could settle, and what each answer is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chains.model import Mode, Scope
from risk.model import Level
from risk.response.unknowns import Asked, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class OpenVerdict:
    """A level that the data do not settle, or that rests on an assumed stock.

    Attributes
    ----------
    nodes
        ``(scope, key)`` of the nodes whose stop this is, in canonical order: a firm that is its own group
        and alone in its city is one verdict.
    level_low, level_point, level_high
        Levels at the ends and at the point. With `on_stock`: with twice, once and none of the assumed
        stock, at the low end of unknown shares.
    mode
        The mode whose level differs; where both do, the one with the wider range.
    low, point, high
        Its deciding score (residual of run, exposure of build) likewise, 0 to 1.
    needs
        Unknowns, by number, that settle it whatever the answers are.
    on_stock
        Whether it rests on an assumed stock rather than on unknown shares.
    """

    nodes: tuple[tuple[Scope, str], ...]
    level_low: Level
    level_point: Level
    level_high: Level
    mode: Mode
    low: float
    point: float
    high: float
    needs: tuple[int, ...]
    on_stock: bool = False

    @property
    def loss(self) -> float:
        """Loss if wrong: what the low end may leave out, as a share of end output, 0 to 1."""
        return max(0.0, self.high - self.low)

    @property
    def point_passes(self) -> bool:
        """Whether the point value reaches a higher level than the low end, which pages nobody."""
        return not self.on_stock and self.level_point.rank > self.level_low.rank


@dataclass(frozen=True, slots=True)
class Worth:
    """How likely an answer settles a verdict.

    Attributes
    ----------
    unknown
        Number of the unknown; ``None`` for all that `respondent` can say together.
    respondent
        Who answers; ``None`` where no firm can.
    verdict
        Number of the verdict.
    chance
        Share of the drawn answers that settle it, 0 to 1; a convention, no probability of an event.
    """

    unknown: int | None
    respondent: str | None
    verdict: int
    chance: float


@dataclass(frozen=True)
class Values:
    """Everything that can be asked about a chain, and what it is worth.

    Attributes
    ----------
    chain_id, horizon
        What was judged; days.
    draws, seed
        Of the answers tried.
    unknowns, verdicts, worths
        Worths name the others by number; a chance of 0 is left out.
    """

    chain_id: str
    horizon: int
    draws: int
    seed: int
    unknowns: tuple[Unknown, ...]
    verdicts: tuple[OpenVerdict, ...]
    worths: tuple[Worth, ...]

    def value_of_unknowns(self) -> dict[int, float]:
        """Value of each unknown asked alone: sum of chance × loss over verdicts, in shares of end output."""
        return self._sum({place: one.unknown for place, one in enumerate(self.worths)})

    def value_of_respondents(self) -> dict[str, float]:
        """Value of all that each respondent can say, asked alone."""
        return self._sum(
            {place: one.respondent for place, one in enumerate(self.worths) if one.unknown is None}
        )

    def _sum(self, keys: Mapping[int, Any]) -> dict[Any, float]:
        found: dict[Any, float] = {}
        for place, key in keys.items():
            if key is not None:
                worth = self.worths[place]
                found[key] = found.get(key, 0.0) + worth.chance * self.verdicts[worth.verdict].loss
        return found


def read_values(cells: Mapping[str, Any]) -> Values:
    """Rebuild values from what ``dataclasses.asdict`` made of them.

    Parameters
    ----------
    cells
        Plain values, as from JSON.

    Returns
    -------
    Values
        As written.
    """
    unknowns = tuple(
        Unknown(
            **{
                **one,
                "asked": Asked(one["asked"]),
                "sellers": tuple(one["sellers"]),
                "places": tuple(one["places"]),
            }
        )
        for one in cells["unknowns"]
    )
    verdicts = tuple(
        OpenVerdict(
            **{
                **one,
                "nodes": tuple((Scope(scope), key) for scope, key in one["nodes"]),
                "mode": Mode(one["mode"]),
                "needs": tuple(one["needs"]),
                **{name: Level(one[name]) for name in ("level_low", "level_point", "level_high")},
            }
        )
        for one in cells["verdicts"]
    )
    worths = tuple(Worth(**one) for one in cells["worths"])
    return Values(
        cells["chain_id"], cells["horizon"], cells["draws"], cells["seed"], unknowns, verdicts, worths
    )
