"""What the search for cut sets finds, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from risk.depth.families import ORDER_CAP

LISTED = 60
"""Most cut sets listed of an end product by one level."""
LISTED_ELSEWHERE = 8
"""The same of other targets, twice as many where single nodes are of both kinds."""


class DepthLevel(StrEnum):
    """By whom a depth is counted, from the finest to the coarsest."""

    FIRM = "firm"
    PARENT = "parent"
    CITY = "city"
    COUNTRY = "country"


class TargetKind(StrEnum):
    """What may be emptied."""

    END = "end"
    SLOT = "slot"
    ITEM = "item"


class FakeKind(StrEnum):
    """How one stop reaches all names.

    ``own``: the sources themselves stop, or what each of them buys. ``input``: the stop empties an input that
    every maker of the item needs, so that no other maker would be a backup either.
    """

    OWN = "own"
    INPUT = "input"


class Why(StrEnum):
    """Why a depth is not certain."""

    COUNTRY_ROWS = "country_rows"
    NO_SOURCES = "no_sources"
    NO_PLACE = "no_place"


@dataclass(frozen=True, slots=True)
class Target:
    """An end product, one input of one buyer, or an item at the market.

    Attributes
    ----------
    kind
        Which of the three.
    item_id
        The item that must not run out.
    buyer_id
        Whose input; ``None`` unless `kind` is slot.
    own_list
        Whether the buyer's own list fills the slot; else it buys at the market.
    """

    kind: TargetKind
    item_id: str
    buyer_id: str | None = None
    own_list: bool = False


@dataclass(frozen=True, slots=True)
class CutSet:
    """Nodes of one level whose joint stop empties a target, none of them superfluous.

    Attributes
    ----------
    keys
        Keys of the nodes as in `risk.nodes`, sorted.
    left
        Part of the need that unnamed others still serve on day 0 without stock and substitution, 0 to 1.
    left_low
        The same at the low end of the loss: unsure shares of the stopped go to others.
    """

    keys: tuple[str, ...]
    left: float
    left_low: float


@dataclass(frozen=True, slots=True)
class LevelDepth:
    """Backup depth of one target by one level.

    Attributes
    ----------
    level
        By whom it is counted.
    least
        The depth is at least this, 1 to 4; 4 says more than three.
    most
        The depth is at most this, 1 to 3: the size of a cut set of known nodes; ``None`` when none of up to
        three was found.
    cuts
        The smallest cut sets of known nodes, the one that leaves least first; for end products followed
        by the larger ones of up to three nodes.
    cut_count
        How many such sets there are; `cuts` holds at most `LISTED`, or `LISTED_ELSEWHERE` of each kind.
    unknown
        Why the depth may be smaller than `most`; empty when it is exact.
    """

    level: DepthLevel
    least: int
    most: int | None
    cuts: tuple[CutSet, ...]
    cut_count: int
    unknown: tuple[Why, ...]

    @property
    def exact(self) -> bool:
        """Whether the depth is known, or known to be more than three."""
        return self.least == (ORDER_CAP + 1 if self.most is None else self.most)


@dataclass(frozen=True, slots=True)
class Hidden:
    """Why one named source stops with a cut set.

    Attributes
    ----------
    supplier_id
        The source as the list names it.
    via
        Items upstream of it through which the stop reaches it, the nearest first; empty when it is itself in
        the cut set.
    stopped
        Suppliers in the cut set at the end of that way, sorted.
    """

    supplier_id: str
    via: tuple[str, ...]
    stopped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FakeBackup:
    """Several names of which one stop empties all.

    Attributes
    ----------
    kind
        How the stop reaches them.
    level
        The finest level at which one node of this kind does it.
    key
        The one node, the one that leaves least if there are several.
    left, left_low
        As in `CutSet`.
    sure
        Whether what is left at the low end is less than the structural need: the names are no backup. Else
        unnamed others may be one, and the verdict is 待核实.
    shared_item
        The input through which the stop reaches all named sources; ``None`` when there is no such one.
    hides
        One a named source, in order of id.
    """

    kind: FakeKind
    level: DepthLevel
    key: str
    left: float
    left_low: float
    sure: bool
    shared_item: str | None
    hides: tuple[Hidden, ...]


@dataclass(frozen=True, slots=True)
class TargetDepth:
    """Backup depth of one target by all levels.

    Attributes
    ----------
    target
        What may be emptied.
    sources
        Named sources that can deliver, in order of id; countries where these are all that is known.
    by_country_rows
        Whether the sources are countries, so that the firms are unknown.
    others
        未列明来源, the part of the target's own list that nobody named covers, 0 to 1.
    levels
        One a level, in order of `DepthLevel`.
    fakes
        What makes several names a fake backup: at most one of each kind, ``own`` first.
    """

    target: Target
    sources: tuple[str, ...]
    by_country_rows: bool
    others: float
    levels: tuple[LevelDepth, ...]
    fakes: tuple[FakeBackup, ...]

    def at(self, level: DepthLevel) -> LevelDepth:
        """Depth by one level."""
        return next(one for one in self.levels if one.level is level)
