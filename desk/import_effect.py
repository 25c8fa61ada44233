"""Which scores a list would move: computed in a process of its own before anything is stored.

A page never computes scores, so the two computations run in ``python -m desk.import_effect``, which reads two
states of a chain from its standard input and writes two score tables to its standard output.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from chains.errors import LianwenError
from chains.version import data_version
from desk.import_facts import affected_chains
from desk.store import reading
from ingest.preview import apply_plan
from risk.model import ENDS, MAIN_HORIZON, SCOPES, Level
from settings import CHECKOUT, code_version

if TYPE_CHECKING:
    from collections.abc import Callable

    from chains.model import ChainRecords
    from desk.import_facts import Standing
    from ingest.preview import ImportPlan
    from risk.alerts.model import AlertPlan
    from risk.incremental import ScoredChain, StateRun
    from risk.model import Judgement, Node, Run, ScoreTable
    from settings import Settings

    Progress = Callable[[float], None]

MOVES = 1e-9
_SECONDS = 600


class EffectError(LianwenError):
    """The scores after a list could not be computed beforehand."""

    code = "effect"


@dataclass(frozen=True, slots=True)
class NodeScores:
    """Scores of a node in both modes, 0 to 1; NaN when unknown."""

    residual_run: float
    residual_build: float
    exposure_run: float
    exposure_build: float


@dataclass(frozen=True, slots=True)
class NodeMove:
    """A node that a list would move, at the main horizon and on the low end.

    Attributes
    ----------
    node
        As it would be; as it is when it would vanish.
    level_before, level_after
        None where the node does not exist.
    before, after
        Scores of both modes; None where the node does not exist.
    """

    node: Node
    level_before: Level | None
    level_after: Level | None
    before: NodeScores | None
    after: NodeScores | None

    @property
    def rises(self) -> int:
        """By how many levels it gets worse; negative when it gets better."""
        before, after = self.level_before or Level.NONE, self.level_after or Level.NONE
        return after.rank - before.rank


@dataclass(frozen=True)
class Effect:
    """What a list would do to the scores of its chain.

    Attributes
    ----------
    moves
        Nodes whose level or score would move, the worst first.
    nodes
        How many nodes were compared.
    elsewhere
        Other chains whose facts change too: chains share items, and a buyer's list counts where it feeds
        what the buyer makes. They are computed after the import, not beforehand.
    alerts
        Which alerts would open or close; None when there is no run to compare with.
    """

    moves: tuple[NodeMove, ...]
    nodes: int
    elsewhere: tuple[str, ...] = ()
    alerts: AlertPlan | None = None


def preview_effect(
    settings: Settings,
    chain_id: str,
    *,
    standing: Standing,
    plan: ImportPlan,
    progress: Progress | None = None,
) -> Effect:
    """Compute which nodes of a chain a list would move; nothing is stored.

    Parameters
    ----------
    settings
        Where the database and the defaults are.
    chain_id
        Which chain.
    standing
        Facts as they are.
    plan
        What would change.
    progress
        Called with the fraction done, 0 to 1.

    Returns
    -------
    Effect
        Without moves when the facts of the chain stay the same.

    Raises
    ------
    EffectError
        When the computation failed; the list can be imported all the same.
    """
    affected = affected_chains(standing, plan)
    elsewhere = tuple(name for name in affected if name != chain_id)
    if chain_id not in affected:
        return Effect((), 0, elsewhere)
    before = standing.records(chain_id)
    after = standing.records(chain_id, apply_plan(standing.uploaded, plan))
    start, end = compute_apart(
        settings, before, after, stored=find_scores(settings, before), progress=progress
    )
    return replace(compare(start, end), elsewhere=elsewhere, alerts=foresee(settings, end))


def find_scores(settings: Settings, records: ChainRecords) -> ScoreTable | None:
    """Read the scores of the same facts, defaults and program, if they were computed.

    Parameters
    ----------
    settings
        Where the database and the defaults are.
    records
        Facts of a chain.

    Returns
    -------
    ScoreTable or None
        Of the latest run at the main horizon.
    """
    from risk.repository import latest_run, read_score_table

    with reading(settings) as session:
        run = latest_run(session, records.chain.chain_id)
        if run is None or run.request.main_horizon != MAIN_HORIZON:
            return None
        same = run.data_version == data_version(records) and run.code_version == code_version()
        return read_score_table(session, run.run_id) if same and _rests_on_same(settings, run) else None


def _rests_on_same(settings: Settings, run: Run) -> bool:
    """Tell whether a run used the defaults and levels of today."""
    from chains.defaults import load_defaults
    from risk.levels import load_levels

    defaults = load_defaults(settings.data_dir / "defaults.toml").as_dict()
    levels = load_levels(settings.data_dir / "levels.toml").as_dict()
    return run.parameters.get("defaults") == defaults and run.parameters.get("levels") == levels


def foresee(settings: Settings, table: ScoreTable) -> AlertPlan | None:
    """Tell which alerts would open or close if a chain's next run gave these scores.

    Parameters
    ----------
    settings
        Where the database and the rules are.
    table
        Scores of the chain, at the main horizon.

    Returns
    -------
    AlertPlan or None
        None when the latest run of the chain asked something else, or there is none: then the next run opens
        no alerts.
    """
    from risk.alerts.criteria import load_criteria
    from risk.alerts.foresight import foresee_alerts
    from risk.repository import latest_run

    criteria = load_criteria(settings.data_dir / "alert_rules.toml")
    with reading(settings) as session:
        run = latest_run(session, table.chain_id)
        if (
            run is None
            or run.request.main_horizon != table.main_horizon
            or set(run.request.scopes) != set(SCOPES)
        ):
            return None
        if not _rests_on_same(settings, run):
            return None
        return foresee_alerts(session, run, table, criteria=criteria)


def compare(before: ScoreTable, after: ScoreTable) -> Effect:
    """List the nodes that two tables judge or score differently.

    Parameters
    ----------
    before, after
        Of one chain, at the main horizon of each.

    Returns
    -------
    Effect
        Rising levels first, then by the change of residual.
    """
    old, new = _by_node(before), _by_node(after)
    moves = []
    for key in sorted(old.keys() | new.keys()):
        was, will = old.get(key), new.get(key)
        move = NodeMove(
            (will or was)[0],  # type: ignore[index]
            was[1].level if was else None,
            will[1].level if will else None,
            was[2] if was else None,
            will[2] if will else None,
        )
        if _moved(was, will):
            moves.append(move)
    moves.sort(key=_worst_first)
    return Effect(tuple(moves), len(new))


_Standing = tuple["Node", "Judgement", NodeScores]


def _by_node(table: ScoreTable) -> dict[tuple[str, str], _Standing]:
    at = table.horizons.index(table.main_horizon)
    low = [str(end) for end in ENDS].index("low")
    residual, exposure = (table.values[name][:, low, at, :].tolist() for name in ("residual", "exposure"))
    return {
        (node.scope.value, node.key): (node, judgement, NodeScores(*scores))
        for node, judgement, *scores in zip(table.nodes, table.judgements, *residual, *exposure, strict=True)
    }


def _moved(was: _Standing | None, will: _Standing | None) -> bool:
    if was is None or will is None:
        # A node that appears without any loss is no news.
        there = was or will
        return there is not None and there[1].level is not Level.NONE
    if was[1].level is not will[1].level:
        return True
    return any(
        (old != old) != (new != new) or abs(old - new) > MOVES  # noqa: PLR0124 - NaN is unequal to itself
        for old, new in zip(astuple(was[2]), astuple(will[2]), strict=True)
    )


def _worst_first(move: NodeMove) -> tuple[object, ...]:
    before, after = (each.residual_run if each else float("nan") for each in (move.before, move.after))
    change = after - before
    change = 0.0 if change != change else change  # noqa: PLR0124 - NaN is unequal to itself
    rank = (move.level_after or Level.NONE).rank
    return (-move.rises, -rank, -abs(change), move.node.scope.value, move.node.key)


def compute_apart(
    settings: Settings,
    before: ChainRecords,
    after: ChainRecords,
    *,
    stored: ScoreTable | None = None,
    progress: Progress | None = None,
) -> tuple[ScoreTable, ScoreTable]:
    """Score a chain before and after a change in a process of its own, of the change only what it affects.

    Parameters
    ----------
    settings
        Where defaults and levels are.
    before, after
        Facts of one chain.
    stored
        Scores of `before` where a run has them already, by the defaults, levels and program of today.
    progress
        Called with the fraction done, 0 to 1.

    Returns
    -------
    tuple of ScoreTable
        Before and after, at the main horizon only.

    Raises
    ------
    EffectError
        When the process fails or takes longer than ten minutes.
    """
    process = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "desk.import_effect", str(settings.data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=CHECKOUT,
    )
    if process.stdin is None or process.stdout is None or process.stderr is None:
        raise EffectError("the computing process did not start", zh="算不出导入后的评分:计算进程没有启动")
    clock = threading.Timer(_SECONDS, process.kill)
    clock.start()
    told = threading.Thread(target=_pass_on, args=(process.stderr, progress), daemon=True)
    told.start()
    try:
        with process.stdin:
            pickle.dump((before, after, stored), process.stdin, protocol=pickle.HIGHEST_PROTOCOL)
        answer = process.stdout.read()
        failed = process.wait() != 0
    except OSError:
        failed = True
    finally:
        clock.cancel()
        process.kill()
        process.wait()
    told.join(timeout=5)
    if failed:
        raise EffectError(
            "the scores after the import could not be computed; the list can be imported all the same",
            zh="没能算出导入后的评分;名录仍可导入,导入后的运行会给出结果",
        )
    tables: tuple[ScoreTable, ScoreTable] = pickle.loads(answer)  # noqa: S301 - written by our own process
    return tables


def _pass_on(stream: BinaryIO | Any, progress: Progress | None) -> None:  # noqa: ANN401 - a pipe
    for line in stream:
        words = line.decode(errors="replace").split()
        if progress is not None and len(words) == 2 and words[0] == "done":  # noqa: PLR2004
            progress(min(1.0, max(0.0, float(words[1]))))


def _score_both(
    data_dir: Path, before: ChainRecords, after: ChainRecords, stored: ScoreTable | None
) -> tuple[ScoreTable, ScoreTable]:
    from chains.defaults import load_defaults
    from chains.regions import HOME_COUNTRY
    from risk.incremental import compute_changes, restore_state
    from risk.levels import load_levels

    defaults = load_defaults(data_dir / "defaults.toml")
    levels = load_levels(data_dir / "levels.toml")
    home = (HOME_COUNTRY,)

    def score(start: ScoredChain | None, records: ChainRecords, first: float) -> StateRun:
        return compute_changes(
            start,
            records,
            defaults=defaults,
            levels=levels,
            home=home,
            horizons=(MAIN_HORIZON,),
            progress=lambda done: _tell(first + done * (1.0 - first)),
        )

    state = None if stored is None else restore_state(before, stored, defaults=defaults, home=home)
    if state is None:
        state = score(None, before, 0.0).state
    return state.table, score(state, after, 0.5).table


def _tell(done: float) -> None:
    sys.stderr.write(f"done {done:.3f}\n")
    sys.stderr.flush()


def main() -> None:
    """Score what stands on the standard input."""
    before, after, stored = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by our own process
    tables = _score_both(Path(sys.argv[1]), before, after, stored)
    pickle.dump(tables, sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    main()
