"""Values that pass between computing, remembering and showing scores."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from chains.model import End, Mode, Perspective, Region, Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    import numpy as np
    from numpy.typing import NDArray

STORED_HORIZONS = (30, 90, 180, 365, 730)
MAIN_HORIZON = 180
MODES = (Mode.RUN, Mode.BUILD)
ENDS = (End.LOW, End.POINT, End.HIGH)
# Of model.md; source nodes are those of perspective.md, and are listed only where they are asked for.
NODE_SCOPES = tuple(scope for scope in Scope if scope is not Scope.SOURCE)
SCOPES = tuple(Scope)
# What a recomputation gives unless one is asked for, in this order.
PERSPECTIVES: tuple[Perspective, ...] = tuple(Perspective)
PERSPECTIVE_NAMES_ZH = {Perspective.WORLD: "全球视角", Perspective.HOME: "本土视角"}
SCOPE_NAMES_ZH = {
    Scope.SUPPLIER: "供应商",
    Scope.PARENT: "母公司",
    Scope.COUNTRY: "国家/地区",
    Scope.PROVINCE: "省",
    Scope.CITY: "市",
    Scope.ITEM: "物料",
    Scope.SOURCE: "国别-物料",
}


def without_sources(scopes: Iterable[Scope]) -> frozenset[Scope]:
    """Leave source nodes out of scopes: runs of before they could be stored have none.

    Parameters
    ----------
    scopes
        Any.

    Returns
    -------
    frozenset
        The others.
    """
    return frozenset(scopes) - {Scope.SOURCE}


class Level(StrEnum):
    """风险等级, from the low end of the scores; ordered by `rank`."""

    NONE = "none"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"

    @property
    def rank(self) -> int:
        """0 for none to 3 for red."""
        return tuple(Level).index(self)


class Verdict(StrEnum):
    """What the data allow us to say about a node's level.

    ``above``: the low end already reaches the level shown and the high end no higher one.
    ``below``: even the high end passes no line. ``cannot_tell`` 待核实: low and high end give
    different levels. ``country_only`` 待核实(只有国家份额): every item of the firm is resolved
    by country rows, so its scores are blank.
    """

    ABOVE = "above"
    BELOW = "below"
    CANNOT_TELL = "cannot_tell"
    COUNTRY_ONLY = "country_only"


class RunStatus(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Shock:
    """Part of the network stops (model.md section 3).

    Attributes
    ----------
    scope, key
        What stops; keys are those of `Node`.
    severity
        Fraction lost, in (0, 1].
    start_day
        First day of the stop, from 0.
    days
        How long it lasts; ``None``: through the horizon.
    recover_days
        Days over which availability climbs back in a straight line once the stop has ended; 0: back
        at once. The first day after the end is still as bad as the stop itself.
    items
        Only what they make of these items stops; empty: all they make. Not for scope item.
    """

    scope: Scope
    key: str
    severity: float = 1.0
    start_day: int = 0
    days: int | None = None
    recover_days: int = 0
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """Deliveries stop at a border while every plant runs on (perspective.md); only seen from home.

    Attributes
    ----------
    sources
        Keys of countries, parents or suppliers; what all of them deliver is cut.
    region
        Where their deliveries no longer arrive.
    items
        Only these items; empty: all.
    severity, start_day, days, recover_days
        As `Shock`.
    """

    sources: tuple[str, ...]
    region: Region = Region.HOME
    items: tuple[str, ...] = ()
    severity: float = 1.0
    start_day: int = 0
    days: int | None = None
    recover_days: int = 0


@dataclass(frozen=True, slots=True)
class Node:
    """Something that can stop, and where it stands.

    Attributes
    ----------
    scope, key
        Identity within a chain. A city or province key is its name; where two countries share
        the name it is ``CHN/name``. A parent key is the topmost parent's id.
    name_zh, name_en
        For the screen; the key when nothing better is known.
    country, province, city
        Where it is; ``None`` when unknown or when it spans several.
    home
        Whether it belongs to the home country (境内集中) or not (境外对我); ``None`` for items.
    firms
        Number of suppliers that stop with it (0 for an item).
    scored
        False when every item of all its firms is resolved by country rows.
    """

    scope: Scope
    key: str
    name_zh: str
    name_en: str
    country: str | None = None
    province: str | None = None
    city: str | None = None
    home: bool | None = None
    firms: int = 0
    scored: bool = True


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the scores of one node amount to, at the main horizon.

    Attributes
    ----------
    level
        The worse of `level_run` and `level_build`, from the low end.
    decided_by
        The mode that gives `level`; run when both give it.
    level_point, level_high
        The level the point value and the high end would reach.
    structural_run, structural_build
        Structural SPOF: the stop leaves some slot with less than 0.2 of its need, with no stock
        and no substitution, at the low end. Never true for items.
    worst_slot
        ``(item, level)``: the input that its users get least of on day 0 in mode build, and how much
        of their need they get (0 to 1).
    defaults
        Sorted names of the defaults that the node's scores rest on.
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
    worst_slot: tuple[str, float] | None
    defaults: tuple[str, ...]


@dataclass(frozen=True)
class ScoreTable:
    """All scores of one chain, as arrays in node order.

    Attributes
    ----------
    chain_id
        Whose scores.
    nodes
        In canonical order: scope as in `SCOPES`, then key.
    horizons
        Days, rising.
    values
        Score id to an array of shape (modes, ends, horizons, nodes) in the order of `MODES`,
        `ENDS` and `horizons`. NaN: none, undefined or not scored. Ids: exposure, substitution,
        residual (0 to 1), tts_days, recovery_day (days).
    judgements
        One a node.
    main_horizon
        Days; the horizon that the judgements rest on.
    """

    chain_id: str
    nodes: tuple[Node, ...]
    horizons: tuple[int, ...]
    values: Mapping[str, NDArray[np.float64]]
    judgements: tuple[Judgement, ...]
    main_horizon: int = MAIN_HORIZON


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What to compute: stored with the run so that it can be replayed.

    Attributes
    ----------
    chain_id
        Which chain.
    main_horizon
        Days, at least 1; stored beside the standard horizons.
    scopes
        Which scopes of nodes to score.
    reason
        Why the run was queued, a short word such as ``command``, ``import``, ``nightly``.
    requested_by
        Name of the person or job.
    perspective
        Whose loss is measured: the world's or home's.
    """

    chain_id: str
    main_horizon: int = MAIN_HORIZON
    scopes: tuple[Scope, ...] = SCOPES
    reason: str = "command"
    requested_by: str = ""
    perspective: Perspective = Perspective.WORLD


@dataclass(frozen=True, slots=True)
class Run:
    """A stored run, immutable once it has ended.

    Attributes
    ----------
    message, message_zh
        Why it failed, in English and in Chinese; None unless it did.
    """

    run_id: int
    request: RunRequest
    status: RunStatus
    queued_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    data_version: str | None = None
    code_version: str | None = None
    defaults_digest: str | None = None
    node_count: int | None = None
    engine_seconds: float | None = None
    total_seconds: float | None = None
    progress: float = 0.0
    message: str | None = None
    message_zh: str | None = None
    parameters: Mapping[str, object] = field(default_factory=dict)
