"""Which alerts a run would open or close, before it is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from risk.alerts.engine import compare_runs, evaluate_rules, plan_changes
from risk.alerts.model import Figures, NodeStanding
from risk.alerts.review import own_alerts, without_foreign
from risk.alerts.standings import read_standings
from risk.model import ENDS, MODES
from risk.scores import SCORE_NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from risk.alerts.model import AlertCriteria, AlertPlan
    from risk.model import Node, Run, ScoreTable


def foresee_alerts(
    session: Session, previous: Run, table: ScoreTable, *, criteria: AlertCriteria
) -> AlertPlan:
    """Tell what the review of a run would do that gives these scores on other data.

    Parameters
    ----------
    session
        A read session.
    previous
        The last run of the chain; the run to come is taken to ask the same.
    table
        The scores of the run to come.
    criteria
        What the rules go by.

    Returns
    -------
    AlertPlan
        As `risk.alerts.review.review_run` would carry it out; nothing is stored.
    """
    context = compare_runs(
        previous.request.chain_id,
        before=read_standings(session, previous),
        after=table_standings(table),
        criteria=criteria,
        data_changed=True,
    )
    drafts = evaluate_rules(context)
    plan = plan_changes(drafts, own_alerts(session, previous), closes_after=criteria.closes_after)
    return without_foreign(session, plan, previous)


def table_standings(table: ScoreTable) -> Mapping[Node, NodeStanding]:
    """Tell how every node stands in a table of scores: low end, main horizon, both modes.

    Parameters
    ----------
    table
        All scores of a chain.

    Returns
    -------
    Mapping
        Node to standing, in canonical order; equal to what the stored run would read.
    """
    low, at = (
        ENDS.index(next(end for end in ENDS if str(end) == "low")),
        table.horizons.index(table.main_horizon),
    )

    def figures(mode: int, node: int) -> Figures:
        cells = (float(table.values[name][mode, low, at, node]) for name in SCORE_NAMES)
        return Figures(*(None if np.isnan(value) else value for value in cells))

    run, build = range(len(MODES))
    return {
        node: NodeStanding(
            level=judged.level,
            level_run=judged.level_run,
            level_build=judged.level_build,
            level_point=judged.level_point,
            level_high=judged.level_high,
            decided_by=judged.decided_by,
            verdict=judged.verdict,
            structural_run=judged.structural_run,
            structural_build=judged.structural_build,
            scored=node.scored,
            run=figures(run, place),
            build=figures(build, place),
        )
        for place, (node, judged) in enumerate(zip(table.nodes, table.judgements, strict=True))
    }
