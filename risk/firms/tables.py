"""Tables of firm networks: loads with their firms, runs with their index, alerts with their events.

A load and a run are never changed; a later load of the same key supersedes the former. Links and the matrix
of essential inputs are read only as a whole, so they are kept as Parquet in one cell.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from chains.base import Base, UtcDateTime
from chains.tables import enum_text, fraction, not_negative
from risk.alerts.model import AlertState, EventKind, ReviewKind
from risk.firms.model import NetworkOrigin

_IS_CURRENT = text("superseded_at IS NULL")
_IS_OPEN = text("closed_at IS NULL")


class FirmNetworkRow(Base):
    """One load of a firm network."""

    __tablename__ = "firm_network"
    __table_args__ = (
        Index(
            "uq_firm_network_current",
            "key",
            unique=True,
            sqlite_where=_IS_CURRENT,
            postgresql_where=_IS_CURRENT,
        ),
        CheckConstraint("superseded_at >= loaded_at", name="superseded_after_loaded"),
        CheckConstraint("firms >= 1 AND links >= 1 AND sectors >= 1", name="network_is_not_empty"),
        CheckConstraint("sales > 0", name="sales_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    origin: Mapped[NetworkOrigin] = mapped_column(enum_text(NetworkOrigin, name="origin"))
    digest: Mapped[str] = mapped_column(Text)
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    superseded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    firms: Mapped[int]
    links: Mapped[int]
    sectors: Mapped[int]
    sales: Mapped[float]
    warnings: Mapped[list[list[str]]] = mapped_column(JSON)
    edges: Mapped[bytes] = mapped_column(LargeBinary)
    essential: Mapped[bytes] = mapped_column(LargeBinary)


class FirmRow(Base):
    """A firm of a load; `firm` is its place in the order of ids."""

    __tablename__ = "firm"
    __table_args__ = (
        Index("uq_firm_id", "network_id", "firm_id", unique=True),
        not_negative("sales"),
        not_negative("purchases"),
    )

    network_id: Mapped[int] = mapped_column(
        ForeignKey("firm_network.id"), primary_key=True, autoincrement=False
    )
    firm: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    firm_id: Mapped[str] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    sector: Mapped[str] = mapped_column(Text)
    city: Mapped[str | None] = mapped_column(Text)
    uscc: Mapped[str | None] = mapped_column(Text)
    sales: Mapped[float]
    purchases: Mapped[float]


class FirmRunRow(Base):
    """One computation of the index for all firms, and what its comparison with the previous one came to."""

    __tablename__ = "firm_run"
    __table_args__ = (
        Index("ix_firm_run_network_id", "network_id", "id"),
        CheckConstraint(
            "(review = 'compared') = (previous_run_id IS NOT NULL)", name="compared_has_previous"
        ),
        CheckConstraint("max_sweeps >= 1", name="max_sweeps_positive"),
        fraction("eps"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    network_id: Mapped[int] = mapped_column(ForeignKey("firm_network.id"))
    eps: Mapped[float]
    replaceability: Mapped[bool]
    max_sweeps: Mapped[int | None]
    code_version: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seconds: Mapped[float]
    largest_sweeps: Mapped[int]
    review: Mapped[ReviewKind] = mapped_column(enum_text(ReviewKind, name="review"))
    previous_run_id: Mapped[int | None] = mapped_column(ForeignKey("firm_run.id"))
    opened: Mapped[int] = mapped_column(default=0)
    kept: Mapped[int] = mapped_column(default=0)
    closed: Mapped[int] = mapped_column(default=0)


class FirmScoreRow(Base):
    """The index of one firm in one run."""

    __tablename__ = "firm_score"
    __table_args__ = (
        CheckConstraint("sweeps >= 1", name="sweeps_positive"),
        {"sqlite_with_rowid": False},
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("firm_run.id"), primary_key=True, autoincrement=False)
    firm: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    esri: Mapped[float]
    esri_down: Mapped[float]
    esri_up: Mapped[float]
    sweeps: Mapped[int]


class FirmAlertRow(Base):
    """An alert on a firm as it stands."""

    __tablename__ = "firm_alert"
    __table_args__ = (
        Index(
            "uq_firm_alert_open",
            "rule",
            "network_key",
            "firm_id",
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_alert_has_end"),
        CheckConstraint("version >= 1", name="version_positive"),
        not_negative("missed_runs"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[str] = mapped_column(Text)
    network_key: Mapped[str] = mapped_column(Text)
    firm_id: Mapped[str] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    state: Mapped[AlertState] = mapped_column(enum_text(AlertState, name="state"))
    version: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_run_id: Mapped[int] = mapped_column(ForeignKey("firm_run.id"))
    last_run_id: Mapped[int] = mapped_column(ForeignKey("firm_run.id"))
    before: Mapped[float | None]
    after: Mapped[float]
    last: Mapped[float | None]
    missed_runs: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FirmAlertEventRow(Base):
    """What happened to an alert on a firm; only ever added."""

    __tablename__ = "firm_alert_event"
    __table_args__ = (
        Index("ix_firm_alert_event_alert_id", "alert_id", "id"),
        CheckConstraint("(by_name IS NULL) = (by_unit IS NULL)", name="officer_is_whole"),
        CheckConstraint("by_name IS NOT NULL OR run_id IS NOT NULL", name="event_has_cause"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("firm_alert.id"))
    kind: Mapped[EventKind] = mapped_column(enum_text(EventKind, name="kind"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("firm_run.id"))
    by_name: Mapped[str | None] = mapped_column(Text)
    by_unit: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    esri: Mapped[float | None]
