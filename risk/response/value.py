"""Value of information: how likely an answer settles a verdict, times the loss if it is wrong."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chains.arrays import to_arrays
from chains.model import Scope
from chains.parts import ChainParts
from chains.sources import resolve_sources
from risk.compute import checked_horizons
from risk.lanes import Lane, compile_kernels
from risk.model import MODES, Level
from risk.nodes import find_nodes
from risk.ranges.bands import DEFAULT_SEED
from risk.ranges.draws import draw_shares
from risk.ranges.shares import StopIndex, find_unsure_lists
from risk.ranges.stops import StopFinder, rate_lanes
from risk.response.stocks import find_stock_worths
from risk.response.unknowns import find_unknown_stocks, find_unknowns
from risk.response.worth import OpenVerdict, Values, Worth

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from chains.arrays import ChainArrays
    from chains.defaults import Defaults
    from chains.model import ChainRecords
    from risk.levels import Levels
    from risk.nodes import NodeMembers
    from risk.ranges.shares import Hit
    from risk.ranges.stops import Rating, Stop
    from risk.response.unknowns import Unknown

    FloatArray = NDArray[np.float64]
    Nodes = tuple[tuple[Scope, str], ...]
    Answers = Mapping[tuple[int, int], float]

DRAWS = 24
"""Answers tried for each question; chances come in steps of 1/24."""
MOST_NEEDS = 12
"""A verdict that hangs on more unknowns is not tried with single answers: only all together settle it."""
_LEVELS = tuple(Level)


def value_unknowns(
    records: ChainRecords,
    *,
    defaults: Defaults,
    levels: Levels,
    horizon: int,
    draws: int = DRAWS,
    seed: int = DEFAULT_SEED,
    home: Collection[str] = ("CHN",),
    progress: Callable[[float], object] | None = None,
) -> Values:
    """Find the verdicts that unknown data leave open and what each answer is worth.

    Parameters
    ----------
    records
        Joined and restricted facts.
    defaults, levels
        What blanks mean, and where levels begin.
    horizon
        Main horizon, days.
    draws, seed
        How many answers are tried for each question, and their seed; the law is that of the band.
    home
        ISO alpha-3 codes of the home countries.
    progress
        Called with the finished fraction, 0 to 1.

    Returns
    -------
    Values
        Unknowns, open verdicts, and the chance that each answer settles each verdict.

    Notes
    -----
    An answer settles a verdict when, with it known and all else as unknown as before, low and high end
    give the same level. All unknowns that a stop hits settle its verdict for certain. A verdict that needs
    more than `MOST_NEEDS` of them is not tried with fewer than all: its chance with fewer counts as 0.

    References
    ----------
    methods.md section 6; docs/model.md, "Value of information".
    """
    (days,) = checked_horizons([horizon])
    sources = resolve_sources(records, defaults)
    parts = ChainParts(records, defaults, sources)
    arrays = to_arrays(records, defaults, sources)
    compile_kernels(arrays.network)
    lists = find_unsure_lists(arrays)
    unknowns = find_unknowns(records, arrays, lists)
    stops = _distinct_stops(StopFinder(arrays, StopIndex(lists)), find_nodes(records, sources, home=home))
    judge = _Judge(arrays, levels, days, unknowns, progress)
    open_stops, verdicts = judge.open_verdicts(stops)
    drawn = draw_shares(lists, draws=draws, seed=seed, blank_cap=defaults.blank_cap)
    worths = judge.worths(open_stops, verdicts, drawn)
    stocks = find_unknown_stocks(parts)
    more, stock_worths = find_stock_worths(
        arrays, stops, stocks, levels=levels, horizon=days, first=(len(unknowns), len(verdicts))
    )
    return Values(
        chain_id=records.chain.chain_id,
        horizon=days,
        draws=draws,
        seed=seed,
        unknowns=(*unknowns, *stocks),
        verdicts=(*verdicts, *more),
        worths=(*worths, *stock_worths),
    )


def _distinct_stops(finder: StopFinder, members: Sequence[NodeMembers]) -> tuple[tuple[Nodes, Stop], ...]:
    """Group nodes that stop the same suppliers; items are left out, their stop leaves no share open."""
    found: dict[object, tuple[list[tuple[Scope, str]], Stop]] = {}
    for one in members:
        if one.node.scored and one.item_id is None:
            stop = finder.find(one)
            found.setdefault(stop.stopped, ([], stop))[0].append((one.node.scope, one.node.key))
    return tuple((tuple(nodes), stop) for nodes, stop in found.values())


@dataclass(frozen=True)
class _Question:
    """Some unknowns asked together about one verdict."""

    stop: Stop
    verdict: int
    numbers: frozenset[int]


class _Judge:
    """What verdicts and worths are computed with; lives only inside `value_unknowns`."""

    def __init__(
        self,
        arrays: ChainArrays,
        levels: Levels,
        horizon: int,
        unknowns: Sequence[Unknown],
        progress: Callable[[float], object] | None,
    ) -> None:
        self.arrays = arrays
        self.levels = levels
        self.horizon = horizon
        self.unknowns = unknowns
        self.progress = progress
        self.unknown_at = {
            (one.list_number, place): number for number, one in enumerate(unknowns) for place in one.places
        }

    def rate(self, lanes: Sequence[Lane], *, begin: float, end: float) -> Rating:
        """Rate lanes and tell progress between two fractions of the whole."""

        def tell(done: float) -> None:
            if self.progress:
                self.progress(begin + (end - begin) * done)

        return rate_lanes(self.arrays.network, lanes, levels=self.levels, horizon=self.horizon, progress=tell)

    def open_verdicts(
        self, stops: Sequence[tuple[Nodes, Stop]]
    ) -> tuple[tuple[Stop, ...], tuple[OpenVerdict, ...]]:
        """Find the stops whose ends give different levels."""
        unsure = [(nodes, stop) for nodes, stop in stops if stop.hits]
        lanes = [lane for _, stop in unsure for lane in (stop.low(), Lane(stop.stopped), stop.high())]
        rating = self.rate(lanes, begin=0.0, end=0.2)
        rank = rating.rank.reshape(-1, 3, len(MODES))
        score = rating.score.reshape(-1, 3, len(MODES))
        found = []
        for (nodes, stop), ranks, scores in zip(unsure, rank, score, strict=True):
            if ranks[0].max() != ranks[2].max():
                found.append((stop, self._verdict(nodes, stop, ranks, scores)))
        return tuple(stop for stop, _ in found), tuple(verdict for _, verdict in found)

    def _verdict(self, nodes: Nodes, stop: Stop, ranks: np.ndarray, scores: np.ndarray) -> OpenVerdict:
        width = np.where(ranks[0] != ranks[2], scores[2] - scores[0], -1.0)
        mode = int(width.argmax())
        low, point, high = (float(value) for value in scores[:, mode])
        needs = {self.unknown_at[number, place] for number, hit in stop.hits for place in hit.stopped}
        at_low, at_point, at_high = (_LEVELS[int(rank)] for rank in ranks.max(axis=1))
        return OpenVerdict(
            nodes, at_low, at_point, at_high, MODES[mode], low, point, high, tuple(sorted(needs))
        )

    def worths(
        self, stops: Sequence[Stop], verdicts: Sequence[OpenVerdict], drawn: Sequence[FloatArray]
    ) -> tuple[Worth, ...]:
        """Try every answer, and every respondent's answers together, on every verdict they touch."""
        asked = [
            (number, respondent, _Question(stops[verdict], verdict, numbers))
            for verdict, one in enumerate(verdicts)
            for number, respondent, numbers in self._ask(one)
        ]
        partial = dict.fromkeys(
            (question.verdict, question.numbers)
            for _, _, question in asked
            if question.numbers < set(verdicts[question.verdict].needs)
        )
        questions = [_Question(stops[verdict], verdict, numbers) for verdict, numbers in partial]
        chances = dict(zip(partial, self._chances(questions, drawn), strict=True))
        found = (
            Worth(number, respondent, one.verdict, float(chances.get((one.verdict, one.numbers), 1.0)))
            for number, respondent, one in asked
        )
        return tuple(worth for worth in found if worth.chance > 0.0)

    def _ask(self, verdict: OpenVerdict) -> list[tuple[int | None, str | None, frozenset[int]]]:
        """List single questions about a verdict, then each respondent's together."""
        by_respondent: dict[str, set[int]] = defaultdict(set)
        for number in verdict.needs:
            respondent = self.unknowns[number].respondent
            if respondent is not None:
                by_respondent[respondent].add(number)
        rows: list[tuple[int | None, str | None, frozenset[int]]] = [
            (n, self.unknowns[n].respondent, frozenset([n])) for n in verdict.needs
        ]
        rows += [(None, name, frozenset(numbers)) for name, numbers in sorted(by_respondent.items())]
        few = len(verdict.needs) <= MOST_NEEDS
        return [row for row in rows if few or row[2] == frozenset(verdict.needs)]

    def _chances(self, questions: Sequence[_Question], drawn: Sequence[FloatArray]) -> FloatArray:
        """Share of the draws that settle each question's verdict, shape (questions,)."""
        answers = [self._answers(one, drawn) for one in questions]
        most = [{at: float(values.max()) for at, values in given.items()} for given in answers]
        least = [{at: float(values.min()) for at, values in given.items()} for given in answers]
        lanes = [
            lane
            for one, top, bottom in zip(questions, most, least, strict=True)
            for lane in (_known_lane(one.stop, top, high=False), _known_lane(one.stop, bottom, high=True))
        ]
        ranks = self.rate(lanes, begin=0.2, end=0.4).level_ranks().reshape(-1, 2)
        # Both ends rise with the answer, so they can only meet where the low end of the largest answer
        # reaches the level at the high end of the smallest.
        possible = np.flatnonzero(ranks[:, 0] >= ranks[:, 1]).tolist()
        chances = np.zeros(len(questions))
        chances[possible] = self._try_draws([(questions[n], answers[n]) for n in possible])
        return chances

    def _answers(self, question: _Question, drawn: Sequence[FloatArray]) -> dict[tuple[int, int], FloatArray]:
        return {
            (self.unknowns[n].list_number, place): drawn[self.unknowns[n].list_number][:, place]
            for n in sorted(question.numbers)
            for place in self.unknowns[n].places
        }

    def _try_draws(self, asked: Sequence[tuple[_Question, dict[tuple[int, int], FloatArray]]]) -> FloatArray:
        if not asked:
            return np.zeros(0)
        draws = len(next(iter(asked[0][1].values())))
        lanes = [
            _known_lane(question.stop, {at: float(values[draw]) for at, values in given.items()}, high=high)
            for question, given in asked
            for draw in range(draws)
            for high in (False, True)
        ]
        ranks = self.rate(lanes, begin=0.4, end=1.0).level_ranks().reshape(len(asked), draws, 2)
        return np.asarray((ranks[:, :, 0] == ranks[:, :, 1]).mean(axis=1))


def _known_lane(stop: Stop, answers: Answers, *, high: bool) -> Lane:
    """Simulate one end of a stop while some of its unknown shares are known."""
    return stop.lane(_known_shares(number, hit, answers, high=high) for number, hit in stop.hits)


def _known_shares(number: int, hit: Hit, answers: Answers, *, high: bool) -> list[float]:
    given = [answers.get((number, place)) for place in hit.stopped]
    left = max(0.0, hit.unsure.rest - sum(share for share in given if share is not None))
    blanks = sum(share is None for share in given)
    each = left / blanks if high and blanks else 0.0
    return [each if share is None else share for share in given]
