"""Values of alerts: how a node stands in a run, what a rule finds, what is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from chains.model import Mode, Perspective, Scope
from risk.model import Level, Node, Verdict

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime


class AlertState(StrEnum):
    """Where an alert stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


class EventKind(StrEnum):
    """What happened to an alert."""

    OPENED = "opened"
    WORSENED = "worsened"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


class ReviewKind(StrEnum):
    """What a run was compared with.

    ``baseline`` 首次体检: the first run of its chain and perspective. ``compared``: an earlier one of them
    with the same horizon, scopes, defaults and levels. ``new_basis``: there is no such run, so it opens
    nothing and later runs are compared with it. ``overtaken``: a later run was reviewed first.
    """

    BASELINE = "baseline"
    COMPARED = "compared"
    NEW_BASIS = "new_basis"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True, slots=True)
class Figures:
    """Scores of a node in one mode: low end, main horizon.

    Attributes
    ----------
    exposure, substitution, residual
        0 to 1; ``None`` when undefined or not scored.
    tts_days, recovery_day
        Days; ``None`` when there is no such day.
    """

    exposure: float | None = None
    substitution: float | None = None
    residual: float | None = None
    tts_days: float | None = None
    recovery_day: float | None = None


@dataclass(frozen=True, slots=True)
class NodeStanding:
    """How a node stands in one run.

    Attributes
    ----------
    level, level_run, level_build
        From the low end; `level` is the worse of the two.
    level_point, level_high
        What the point value and the high end would reach.
    decided_by
        The mode that gives `level`.
    scored
        False when nothing is known but country shares; then no level may be read from it.
    run, build
        The scores of both modes.
    """

    level: Level
    level_run: Level
    level_build: Level
    level_point: Level
    level_high: Level
    decided_by: Mode
    verdict: Verdict
    structural_run: bool
    structural_build: bool
    scored: bool
    run: Figures
    build: Figures

    @property
    def structural(self) -> bool:
        """Structural SPOF in either mode."""
        return self.structural_run or self.structural_build


@dataclass(frozen=True, slots=True)
class NodeChange:
    """A node in two runs; ``None`` where the run does not have it, never both."""

    node: Node
    before: NodeStanding | None
    after: NodeStanding | None


@dataclass(frozen=True, slots=True)
class AlertCriteria:
    """What the rules go by, from data/alert_rules.toml.

    Attributes
    ----------
    rules
        Ids of the rules in use.
    critical_from
        The lowest level that is critical.
    scopes
        Scopes of the nodes watched. Never items: an essential input is a single point by definition.
    group_firms
        A parent is watched when so many firms stop with it; a group of one firm is that firm.
    closes_after
        An alert closes when so many comparable runs in a row do not confirm it.
    """

    rules: tuple[str, ...]
    critical_from: Level
    scopes: tuple[Scope, ...]
    group_firms: int
    closes_after: int

    def watches(self, node: Node) -> bool:
        """Tell whether a node may alert; the home country's and provinces' own stop is a scenario."""
        if node.scope not in self.scopes or node.scope is Scope.ITEM:
            return False
        if node.scope in {Scope.COUNTRY, Scope.PROVINCE} and node.home:
            return False
        return node.scope is not Scope.PARENT or node.firms >= self.group_firms

    def is_critical(self, standing: NodeStanding | None) -> bool:
        """Tell whether a node stands at a critical level."""
        return standing is not None and standing.level.rank >= self.critical_from.rank


@dataclass(frozen=True, slots=True)
class RuleContext:
    """All a rule may look at.

    Attributes
    ----------
    chain_id
        Whose runs are compared.
    criteria
        What the rules go by.
    changes
        Watched nodes in canonical order.
    data_changed
        Whether the runs rest on different data; later rules of persistence ask for it.
    """

    chain_id: str
    criteria: AlertCriteria
    changes: tuple[NodeChange, ...]
    data_changed: bool


@dataclass(frozen=True, slots=True)
class AlertDraft:
    """What a rule says about a node in a run.

    Attributes
    ----------
    rule
        Id of the rule.
    change
        The node before and after.
    opens
        True opens an alert where none is open; False only keeps one that is.
    """

    rule: str
    change: NodeChange
    opens: bool

    @property
    def level(self) -> Level:
        """The level to show: the one the node stands at now."""
        return self.change.after.level if self.change.after else Level.NONE

    @property
    def subject(self) -> tuple[str, Scope, str]:
        """Rule, scope and key: at most one open alert of a chain has it."""
        return self.rule, self.change.node.scope, self.change.node.key


class Rule(Protocol):
    """One kind of alert; to add one: a file in ``rules/``, a line in ``RULES``."""

    @property
    def rule_id(self) -> str:
        """Stable name, stored with alerts."""

    @property
    def ends_when_read(self) -> bool:
        """Whether an acknowledgement closes the alert: news that asks for nothing more."""

    def evaluate(self, context: RuleContext) -> Collection[AlertDraft]:
        """Say what opens or keeps an alert; an open alert that gets no draft is over."""


@dataclass(frozen=True, slots=True)
class UploadRef:
    """An upload between two runs, as an alert remembers it.

    Attributes
    ----------
    upload_id
        Its number.
    name
        As the officer named it.
    by, at
        Who committed it and when (ISO 8601, UTC).
    """

    upload_id: int
    name: str
    by: str
    at: str


class UploadsBetween(Protocol):
    """Reads which uploads were committed in a span of time."""

    def __call__(self, since: datetime, until: datetime) -> tuple[UploadRef, ...]:
        """List the uploads committed after `since` and not after `until`, the oldest first."""


@dataclass(frozen=True, slots=True)
class DataAge:
    """How old the supplies behind a node are.

    Attributes
    ----------
    oldest, newest
        Years; ``None`` when no row names its year.
    undated
        Rows that do not name their year.
    """

    oldest: int | None
    newest: int | None
    undated: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an alert rests on.

    Attributes
    ----------
    before, after
        The node in both runs.
    data_version_before, data_version_after
        Of the two runs.
    uploads
        Committed between the two runs.
    data_age
        Of the facts that the later run rests on; ``None`` when the node is not in them.
    """

    before: NodeStanding | None
    after: NodeStanding | None
    data_version_before: str
    data_version_after: str
    uploads: tuple[UploadRef, ...] = ()
    data_age: DataAge | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """A stored alert.

    Attributes
    ----------
    perspective
        That of the runs compared: an alert seen from the world says nothing of home, nor the reverse.
    version
        Rises with every change that a person should have seen before acknowledging.
    opened_run_id, previous_run_id
        The runs compared when it opened.
    last_run_id
        The latest run that confirmed it.
    missed_runs
        Comparable runs in a row that did not confirm it.
    """

    alert_id: int
    rule: str
    chain_id: str
    scope: Scope
    key: str
    name_zh: str
    name_en: str
    state: AlertState
    level: Level
    version: int
    opened_at: datetime
    opened_run_id: int
    previous_run_id: int
    last_run_id: int
    missed_runs: int
    closed_at: datetime | None
    evidence: Evidence
    perspective: Perspective = Perspective.WORLD

    @property
    def subject(self) -> tuple[str, Scope, str]:
        """Rule, scope and key."""
        return self.rule, self.scope, self.key


@dataclass(frozen=True, slots=True)
class AlertEvent:
    """Something that happened to an alert; events are only ever added.

    Attributes
    ----------
    by_name, by_unit
        The officer (经办人); ``None`` when a run did it.
    level
        The level at that moment.
    """

    alert_id: int
    kind: EventKind
    at: datetime
    run_id: int | None
    by_name: str | None
    by_unit: str | None
    note: str | None
    level: Level


@dataclass(frozen=True, slots=True)
class AlertReview:
    """That a run was looked at, once, and what came of it.

    Attributes
    ----------
    counts
        Of a baseline: watched nodes by ``foreign_red``, ``home_orange`` ... and ``structural``.
    """

    run_id: int
    chain_id: str
    kind: ReviewKind
    previous_run_id: int | None
    reviewed_at: datetime
    opened: int
    kept: int
    closed: int
    counts: dict[str, int]
    perspective: Perspective = Perspective.WORLD


@dataclass(frozen=True, slots=True)
class AlertPlan:
    """What drafts mean for the alerts that are open."""

    opens: tuple[AlertDraft, ...] = ()
    worsens: tuple[tuple[Alert, AlertDraft], ...] = ()
    keeps: tuple[Alert, ...] = ()
    misses: tuple[Alert, ...] = ()
    closes: tuple[Alert, ...] = ()


def acknowledged(alert: Alert, *, closed_at: datetime | None) -> Alert:
    """Give the alert as it stands after somebody has read it.

    Parameters
    ----------
    alert
        Before.
    closed_at
        When it also ends, aware; ``None`` when it stays.

    Returns
    -------
    Alert
        One version on.
    """
    state = AlertState.ACKNOWLEDGED if closed_at is None else AlertState.CLOSED
    return replace(alert, state=state, closed_at=closed_at, version=alert.version + 1)
