"""From two runs to a plan: what the rules find, and what that means for the alerts that are open."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from risk.alerts.model import AlertPlan, NodeChange, RuleContext
from risk.alerts.rules import RULES
from risk.model import Level, without_sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chains.model import Scope
    from risk.alerts.model import Alert, AlertCriteria, AlertDraft, NodeStanding, Rule
    from risk.model import Node, Run

    Standings = Mapping[Node, NodeStanding]


def is_comparable(earlier: Run, later: Run) -> bool:
    """Tell whether two runs answer the same question about the same chain.

    Parameters
    ----------
    earlier, later
        Successful runs.

    Returns
    -------
    bool
        Same chain, perspective, main horizon, scopes (source nodes aside: no rule watches them), defaults,
        levels and home countries.
    """
    same = (
        earlier.request.chain_id == later.request.chain_id,
        earlier.request.perspective == later.request.perspective,
        earlier.request.main_horizon == later.request.main_horizon,
        without_sources(earlier.request.scopes) == without_sources(later.request.scopes),
        earlier.defaults_digest == later.defaults_digest,
        *(earlier.parameters.get(name) == later.parameters.get(name) for name in ("levels", "home")),
    )
    return all(same)


def compare_runs(
    chain_id: str, *, before: Standings, after: Standings, criteria: AlertCriteria, data_changed: bool
) -> RuleContext:
    """Put two runs side by side for the rules.

    Parameters
    ----------
    chain_id
        Whose runs.
    before, after
        How every node stands; a node is known by scope and key, the later run names it.
    criteria
        Which nodes are watched.
    data_changed
        Whether the runs rest on different data.

    Returns
    -------
    RuleContext
        Watched nodes by scope and key.
    """
    earlier = {(node.scope, node.key): node for node in before}
    later = {(node.scope, node.key): node for node in after}
    changes = []
    for subject in sorted(earlier.keys() | later.keys()):
        node = later.get(subject) or earlier[subject]
        if criteria.watches(node):
            known = earlier.get(subject)
            change = NodeChange(node, before[known] if known else None, after.get(node))
            changes.append(change)
    return RuleContext(chain_id, criteria, tuple(changes), data_changed)


def evaluate_rules(context: RuleContext, rules: Sequence[Rule] = RULES) -> tuple[AlertDraft, ...]:
    """Ask every rule in use.

    Parameters
    ----------
    context
        Two runs side by side.
    rules
        All rules; the criteria say which are in use.

    Returns
    -------
    tuple of AlertDraft
        In the order of the rules.
    """
    in_use = [rule for rule in rules if rule.rule_id in context.criteria.rules]
    return tuple(draft for rule in in_use for draft in rule.evaluate(context))


def plan_changes(
    drafts: Iterable[AlertDraft], open_alerts: Iterable[Alert], *, closes_after: int = 1
) -> AlertPlan:
    """Reconcile drafts with the alerts that are open.

    Parameters
    ----------
    drafts
        From `evaluate_rules`.
    open_alerts
        Of the same chain: open or acknowledged, at most one a subject.
    closes_after
        How many runs in a row must miss an alert before it closes.

    Returns
    -------
    AlertPlan
        A draft on a subject without an open alert opens one if it may; on a subject with one it keeps it, and
        worsens it when the level is higher than the alert's. An alert without a draft closes.
    """
    alerts = {alert.subject: alert for alert in open_alerts}
    confirmed = {draft.subject: draft for draft in drafts}
    opens = tuple(draft for subject, draft in confirmed.items() if draft.opens and subject not in alerts)
    found = [(alert, confirmed[subject]) for subject, alert in alerts.items() if subject in confirmed]
    worsens = tuple(
        (alert, draft) for alert, draft in found if draft.opens and draft.level.rank > alert.level.rank
    )
    worse = {alert.alert_id for alert, _ in worsens}
    missed = [alert for subject, alert in alerts.items() if subject not in confirmed]
    return AlertPlan(
        opens=opens,
        worsens=worsens,
        keeps=tuple(alert for alert, _ in found if alert.alert_id not in worse),
        misses=tuple(alert for alert in missed if alert.missed_runs + 1 < closes_after),
        closes=tuple(alert for alert in missed if alert.missed_runs + 1 >= closes_after),
    )


def count_standings(standings: Standings, criteria: AlertCriteria) -> dict[str, int]:
    """Count the watched nodes of a baseline.

    Parameters
    ----------
    standings
        How every node stands.
    criteria
        Which nodes are watched.

    Returns
    -------
    dict
        ``foreign_red``, ``foreign_orange``, ``foreign_yellow``, the same with ``home_``, and ``structural``.
    """
    watched = [(node, standing) for node, standing in standings.items() if criteria.watches(node)]
    found = Counter(f"{'home' if node.home else 'foreign'}_{standing.level}" for node, standing in watched)
    shown = (Level.RED, Level.ORANGE, Level.YELLOW)
    counts = {f"{side}_{level}": found[f"{side}_{level}"] for side in ("foreign", "home") for level in shown}
    return counts | {"structural": sum(standing.structural for _, standing in watched)}


def subject_scopes(drafts: Iterable[AlertDraft]) -> frozenset[tuple[Scope, str]]:
    """Name the nodes that drafts are about.

    Parameters
    ----------
    drafts
        Any.

    Returns
    -------
    frozenset
        Pairs of scope and key.
    """
    return frozenset((draft.change.node.scope, draft.change.node.key) for draft in drafts)
