"""What if: a plan answered on the facts as they are stored now; nothing is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chains.defaults import load_defaults
from chains.model import End, Mode
from chains.regions import HOME_COUNTRY
from chains.repository import load_records
from chains.version import data_version
from desk.chain_names import require_chain
from desk.home_region import find_shipped, fit_home_use, read_home
from desk.rows import read_end
from desk.scenario_parts import find_idle, lay_stock, simulate_parts, simulate_plan
from desk.store import reading
from risk.errors import ParameterError
from risk.model import ENDS, MAIN_HORIZON
from risk.provinces import province_losses
from risk.repository import latest_run, read_scores
from risk.scenario_store.model import Answer, Plan
from settings import code_version

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chains.defaults import Defaults
    from chains.model import ChainRecords
    from desk.rows import EndScores
    from risk.mergers import MergerOutcome
    from risk.model import Shock
    from risk.scenarios import Simulation
    from settings import Settings


@dataclass(frozen=True, slots=True)
class Baseline:
    """Stored scores of the one node that a scenario stops.

    Attributes
    ----------
    run_id
        The run that scored it.
    data_version
        What that run rests on.
    horizon
        Days of its means.
    scores
        By end of unknown shares.
    """

    run_id: int
    data_version: str
    horizon: int
    scores: Mapping[End, EndScores]


def simulate_shocks(
    settings: Settings,
    chain_id: str,
    *,
    shocks: Sequence[Shock],
    horizon: int = MAIN_HORIZON,
    mode: Mode = Mode.RUN,
) -> Simulation:
    """Simulate several shocks at once on the stored facts; no run is needed and none is made.

    Parameters
    ----------
    settings
        Where database and defaults are.
    chain_id
        Which chain.
    shocks
        What stops.
    horizon
        Days.
    mode
        Run or build.

    Returns
    -------
    Simulation
        Losses of the chain and of every unit, at the point value of unknown shares.

    Raises
    ------
    UnknownKeyError
        When chain or nodes do not exist, with near matches.
    ParameterError
        When the horizon, a severity or a day is out of range.
    """
    plan = Plan(chain_id, shocks=tuple(shocks), mode=mode, horizon=horizon)
    return require_simulation(answer_plan(settings, plan))


def answer_plan(settings: Settings, plan: Plan) -> Answer:
    """Answer what a plan asks, on the stored facts.

    Parameters
    ----------
    settings
        Where database, defaults and levels are.
    plan
        Shocks and cuts, or a merger.

    Returns
    -------
    Answer
        With the versions it rests on.

    Raises
    ------
    UnknownKeyError
        When the chain, a node or an item does not exist, with near matches.
    ParameterError
        When the horizon, a severity or a day is out of range.
    """
    from risk.compute import checked_horizons
    from risk.levels import load_levels
    from risk.mergers import compare_merger
    from risk.upsets import check_shocks

    checked_horizons([plan.horizon])
    if plan.merger is None:
        check_shocks(plan.shocks, horizon=plan.horizon)
    with reading(settings) as session:
        require_chain(session, plan.chain_id)
        records = load_records(session, plan.chain_id)
        shipped = find_shipped(session)
    defaults = load_defaults(settings.data_dir / "defaults.toml")
    answer = Answer(plan, data_version(records), code_version(), defaults.digest())
    if plan.merger is None:
        home = read_home(settings)
        fitting = fit_home_use(records, shipped, home=home)
        return _answer_stops(fitting, answer, defaults=defaults, home=home)
    merger = compare_merger(
        records,
        plan.merger.group,
        plan.merger.into,
        defaults=defaults,
        levels=load_levels(settings.data_dir / "levels.toml"),
        home=(HOME_COUNTRY,),
        horizon=plan.horizon,
    )
    return replace(answer, merger=merger)


def _answer_stops(
    records: ChainRecords, answer: Answer, *, defaults: Defaults, home: tuple[str, ...]
) -> Answer:
    """Simulate the shocks and cuts of a plan, all together and each alone."""
    plan = answer.plan
    assumed = lay_stock(records, plan)
    simulation = simulate_plan(assumed, plan, defaults=defaults, home=home)
    return replace(
        answer,
        simulation=simulation,
        provinces=province_losses(records, simulation.units),
        parts=simulate_parts(assumed, plan, defaults=defaults, home=home) if plan.cuts else (),
        idle=find_idle(assumed, plan, defaults=defaults) if plan.cuts else (),
    )


def require_simulation(answer: Answer) -> Simulation:
    """Take the simulation out of an answer.

    Parameters
    ----------
    answer
        To shocks.

    Returns
    -------
    Simulation
        What was found.

    Raises
    ------
    ParameterError
        When the answer is about a merger, which stops nothing.
    """
    if answer.simulation is None:
        raise ParameterError(
            "a merger stops nothing, so there are no losses of plants, days or spare to list",
            zh="合并不使任何产能停下,没有产能单元、逐日或替代的损失可列",
        )
    return answer.simulation


def require_merger(answer: Answer) -> MergerOutcome:
    """Take what a merger changes out of an answer.

    Parameters
    ----------
    answer
        To a merger.

    Returns
    -------
    MergerOutcome
        What was found.

    Raises
    ------
    ParameterError
        When the answer is about shocks.
    """
    if answer.merger is None:
        raise ParameterError(
            "this scenario stops something; lists in which two groups stand belong to a merger",
            zh="这个情景是停供,不是合并;“两家同在的名录”只属于合并情景",
        )
    return answer.merger


def read_baseline(settings: Settings, plan: Plan) -> Baseline | None:
    """Read the stored scores of the node that a plan stops, where it stops one node fully and for good.

    Parameters
    ----------
    settings
        Where the database is.
    plan
        What is assumed.

    Returns
    -------
    Baseline or None
        ``None`` for any other plan, and when no run has stored this horizon or this node.
    """
    if len(plan.shocks) != 1 or plan.cuts or plan.stock or not is_full_stop(plan.shocks[0]):
        return None
    shock = plan.shocks[0]
    with reading(settings) as session:
        run = latest_run(session, plan.chain_id, perspective=plan.perspective, horizon=plan.horizon)
        if run is None:
            return None
        frame = read_scores(session, run.run_id, mode=plan.mode, horizon=plan.horizon, scopes=(shock.scope,))
    for row in frame.iter_rows(named=True):
        if row["key"] == shock.key:
            scores = {end: read_end(row, end) for end in ENDS}
            return Baseline(run.run_id, run.data_version or "", plan.horizon, scores)
    return None


def is_full_stop(shock: Shock) -> bool:
    """Tell whether a shock is what the scores of a node assume.

    Parameters
    ----------
    shock
        Any.

    Returns
    -------
    bool
        True for the whole node, fully, from day 0 on and for good.
    """
    return shock.severity >= 1 and shock.start_day == 0 and shock.days is None and not shock.items
