"""Tables of alerts: alerts, their events, and which runs have been reviewed.

Events are only ever added. At most one alert of a rule, chain, perspective and node is open at a time; a
partial unique index holds that on both databases.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from chains.base import Base, UtcDateTime
from chains.model import Perspective, Scope
from chains.tables import enum_text, not_negative
from risk.alerts.model import AlertState, EventKind, ReviewKind
from risk.model import Level

_IS_OPEN = text("closed_at IS NULL")


class AlertRow(Base):
    """An alert as it stands; what it rests on is JSON."""

    __tablename__ = "alert"
    __table_args__ = (
        Index(
            "uq_alert_open",
            "rule",
            "chain_id",
            "perspective",
            "scope",
            "key",
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
        Index("ix_alert_chain_id", "chain_id", "state", "id"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_alert_has_end"),
        CheckConstraint("version >= 1", name="version_positive"),
        not_negative("missed_runs"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[str] = mapped_column(Text)
    chain_id: Mapped[str] = mapped_column(Text)
    perspective: Mapped[Perspective] = mapped_column(
        enum_text(Perspective, name="perspective"), server_default=Perspective.WORLD.value
    )
    scope: Mapped[Scope] = mapped_column(enum_text(Scope, name="scope"))
    key: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    state: Mapped[AlertState] = mapped_column(enum_text(AlertState, name="state"))
    level: Mapped[Level] = mapped_column(enum_text(Level, name="level"))
    version: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    previous_run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    last_run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    missed_runs: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)


class AlertEventRow(Base):
    """What happened to an alert, when, by whom; a run did it where no officer is named."""

    __tablename__ = "alert_event"
    __table_args__ = (
        Index("ix_alert_event_alert_id", "alert_id", "id"),
        CheckConstraint("(by_name IS NULL) = (by_unit IS NULL)", name="officer_is_whole"),
        CheckConstraint("by_name IS NOT NULL OR run_id IS NOT NULL", name="event_has_cause"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alert.id"))
    kind: Mapped[EventKind] = mapped_column(enum_text(EventKind, name="kind"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"))
    by_name: Mapped[str | None] = mapped_column(Text)
    by_unit: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    level: Mapped[Level] = mapped_column(enum_text(Level, name="level"))


class AlertReviewRow(Base):
    """That a run was reviewed; a run is reviewed once."""

    __tablename__ = "alert_review"
    __table_args__ = (
        CheckConstraint("(kind = 'compared') = (previous_run_id IS NOT NULL)", name="compared_has_previous"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), primary_key=True, autoincrement=False)
    kind: Mapped[ReviewKind] = mapped_column(enum_text(ReviewKind, name="kind"))
    previous_run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"))
    reviewed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened: Mapped[int] = mapped_column(default=0)
    kept: Mapped[int] = mapped_column(default=0)
    closed: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
