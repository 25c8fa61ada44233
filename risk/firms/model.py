"""Values of firm networks: what was loaded, what was computed, how a firm stands, what an alert keeps."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from risk.alerts.model import AlertState, EventKind, ReviewKind

if TYPE_CHECKING:
    from datetime import datetime


class NetworkOrigin(StrEnum):
    """Where a network comes from."""

    IMPORTED = "imported"
    EXAMPLE = "example"


@dataclass(frozen=True, slots=True)
class FirmAttributes:
    """A firm as its list names it; None where the list says nothing.

    Attributes
    ----------
    firm_id
        As in the edges.
    name, city
        As written.
    uscc
        统一社会信用代码, checked.
    """

    firm_id: str
    name: str | None = None
    city: str | None = None
    uscc: str | None = None


@dataclass(frozen=True, slots=True)
class NetworkLoad:
    """How a load is called, where it comes from, and what was said when it was read.

    Attributes
    ----------
    key, title
        Name in commands and links, and on screen.
    origin
        Whether it is the synthetic example.
    warnings
        What was left out or added up, as pairs of Chinese and English.
    """

    key: str
    title: str
    origin: NetworkOrigin = NetworkOrigin.IMPORTED
    warnings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class StoredNetwork:
    """A load of a firm network.

    Attributes
    ----------
    network_id
        Number of the load.
    key, title
        Name in commands and links, and on screen.
    origin
        Whether it is the synthetic example.
    digest
        Of all its facts; equal for equal facts.
    loaded_at
        When, aware.
    firms, links, sectors
        How many.
    sales
        Sum of all links, in the ledger's unit.
    warnings
        What was left out or added up when it was read, as pairs of Chinese and English.
    """

    network_id: int
    key: str
    title: str
    origin: NetworkOrigin
    digest: str
    loaded_at: datetime
    firms: int
    links: int
    sectors: int
    sales: float
    warnings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FirmRun:
    """A computation of the index over a whole network; immutable.

    Attributes
    ----------
    run_id, network_id
        Numbers.
    network_key, digest
        Whose run, and the facts it rests on.
    eps, replaceability, max_sweeps
        As asked; values at eps 0.01 can be far from the fixed point.
    code_version
        The program that computed.
    started_at, seconds
        When, aware, and how long.
    largest_sweeps
        The most sweeps that any failure took.
    review, previous_run_id
        What it was compared with.
    opened, kept, closed
        Alerts opened, kept and closed by that comparison.
    """

    run_id: int
    network_id: int
    network_key: str
    digest: str
    eps: float
    replaceability: bool
    max_sweeps: int | None
    code_version: str
    started_at: datetime
    seconds: float
    largest_sweeps: int
    review: ReviewKind
    previous_run_id: int | None
    opened: int
    kept: int
    closed: int

    def answers_as(self, other: FirmRun) -> bool:
        """Tell whether two runs answer the same question about the same network."""
        return (self.network_key, self.eps, self.replaceability, self.max_sweeps) == (
            other.network_key,
            other.eps,
            other.replaceability,
            other.max_sweeps,
        )


@dataclass(frozen=True, slots=True)
class FirmCriteria:
    """When a firm is systemic, from the table ``firms`` of data/alert_rules.toml.

    Attributes
    ----------
    systemic_from
        Index from which a firm is systemic, 0 to 1.
    off_ratio
        An alert holds down to this share of `systemic_from`, 0 to 1.
    closes_after
        Comparable runs in a row below that line until it closes.
    """

    systemic_from: float
    off_ratio: float
    closes_after: int

    @property
    def holds_from(self) -> float:
        """The line below which an alert no longer holds."""
        return self.systemic_from * self.off_ratio


@dataclass(frozen=True, slots=True)
class FirmChange:
    """The index of a firm in consecutive comparable runs; None where a run does not have it.

    Attributes
    ----------
    firm_id, name
        Which firm.
    after, before, earlier
        Index (0 to 1) in this run, the previous one and the one before that.
    """

    firm_id: str
    name: str | None
    after: float | None
    before: float | None
    earlier: float | None = None


@dataclass(frozen=True, slots=True)
class FirmContext:
    """All the rule may look at.

    Attributes
    ----------
    criteria
        Its lines.
    changes
        Firms above the lower line in any of the runs, in order of id.
    data_changed
        Whether the run rests on other facts than the previous one.
    has_earlier
        Whether there is a third comparable run to look back to.
    """

    criteria: FirmCriteria
    changes: tuple[FirmChange, ...]
    data_changed: bool
    has_earlier: bool


@dataclass(frozen=True, slots=True)
class FirmDraft:
    """What the rule says about a firm: open an alert where none is, or only keep one."""

    rule: str
    change: FirmChange
    opens: bool


@dataclass(frozen=True, slots=True)
class FirmAlert:
    """An alert on a firm.

    Attributes
    ----------
    before, after
        Index in the runs compared when it opened; `before` is None for a firm new to the network.
    last
        Index in the last run that looked at it; None when the firm is no longer in the network.
    missed_runs
        Comparable runs in a row below the lower line.
    version
        Rises with each change.
    """

    alert_id: int
    rule: str
    network_key: str
    firm_id: str
    name: str | None
    state: AlertState
    version: int
    opened_at: datetime
    opened_run_id: int
    last_run_id: int
    before: float | None
    after: float
    last: float | None
    missed_runs: int
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class FirmAlertEvent:
    """What happened to an alert, by a run or an officer."""

    alert_id: int
    kind: EventKind
    at: datetime
    run_id: int | None
    by_name: str | None
    by_unit: str | None
    note: str | None
    esri: float | None
