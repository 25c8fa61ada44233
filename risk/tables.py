"""Tables of runs: the queue, the nodes of a run with their judgement, and the scores.

A run is immutable once it has ended: every write asks for a run that is queued or running and held
by the writer. Scores are one long table; what does not depend on the horizon stands at horizon 0.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from chains.base import Base, UtcDateTime
from chains.model import Mode, Perspective, Scope
from chains.tables import enum_text, fraction
from risk.model import Level, RunStatus, Verdict

_ENDED = "status IN ('succeeded', 'failed')"


class RunRow(Base):
    """A run: what was asked, where it stands, who holds it, what it rests on."""

    __tablename__ = "run"
    __table_args__ = (
        CheckConstraint(f"({_ENDED}) = (ended_at IS NOT NULL)", name="ended_run_has_end"),
        CheckConstraint("(status = 'running') = (lease_holder IS NOT NULL)", name="running_run_has_holder"),
        CheckConstraint("(lease_holder IS NULL) = (lease_until IS NULL)", name="lease_is_whole"),
        CheckConstraint("status <> 'succeeded' OR data_version IS NOT NULL", name="success_has_data_version"),
        CheckConstraint("main_horizon >= 1", name="main_horizon_positive"),
        CheckConstraint("attempt >= 1", name="attempt_positive"),
        fraction("progress"),
        Index("ix_run_status", "status", "id"),
        Index("ix_run_chain_id", "chain_id", "status", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[str] = mapped_column(Text)
    main_horizon: Mapped[int]
    scopes: Mapped[list[str]] = mapped_column(JSON)
    perspective: Mapped[Perspective] = mapped_column(
        enum_text(Perspective, name="perspective"), server_default=Perspective.WORLD.value
    )
    reason: Mapped[str] = mapped_column(Text)
    requested_by: Mapped[str] = mapped_column(Text)
    status: Mapped[RunStatus] = mapped_column(enum_text(RunStatus, name="status"))
    attempt: Mapped[int] = mapped_column(default=1)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_holder: Mapped[str | None] = mapped_column(Text)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    progress: Mapped[float] = mapped_column(default=0.0)
    message: Mapped[str | None] = mapped_column(Text)
    data_version: Mapped[str | None] = mapped_column(Text)
    code_version: Mapped[str | None] = mapped_column(Text)
    defaults_digest: Mapped[str | None] = mapped_column(Text)
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    node_count: Mapped[int | None]
    engine_seconds: Mapped[float | None]
    total_seconds: Mapped[float | None]


class RunNodeRow(Base):
    """A node of a run and its judgement; `node` is its place in the canonical order."""

    __tablename__ = "run_node"
    __table_args__ = (
        Index("uq_run_node_key", "scope", "key", "run_id", unique=True),
        CheckConstraint("firms >= 0", name="firms_not_negative"),
        CheckConstraint("(worst_slot_item IS NULL) = (worst_slot_level IS NULL)", name="worst_slot_is_whole"),
        fraction("worst_slot_level"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), primary_key=True, autoincrement=False)
    node: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    scope: Mapped[Scope] = mapped_column(enum_text(Scope, name="scope"))
    key: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    country: Mapped[str | None] = mapped_column(Text)
    province: Mapped[str | None] = mapped_column(Text)
    city: Mapped[str | None] = mapped_column(Text)
    home: Mapped[bool | None]
    firms: Mapped[int]
    scored: Mapped[bool]
    level: Mapped[Level] = mapped_column(enum_text(Level, name="level"))
    level_run: Mapped[Level] = mapped_column(enum_text(Level, name="level_run"))
    level_build: Mapped[Level] = mapped_column(enum_text(Level, name="level_build"))
    level_point: Mapped[Level] = mapped_column(enum_text(Level, name="level_point"))
    level_high: Mapped[Level] = mapped_column(enum_text(Level, name="level_high"))
    decided_by: Mapped[Mode] = mapped_column(enum_text(Mode, name="decided_by"))
    verdict: Mapped[Verdict] = mapped_column(enum_text(Verdict, name="verdict"))
    structural_run: Mapped[bool]
    structural_build: Mapped[bool]
    worst_slot_item: Mapped[str | None] = mapped_column(Text)
    worst_slot_level: Mapped[float | None]
    defaults: Mapped[list[str]] = mapped_column(JSON)


class ScoreRow(Base):
    """One score of one node: its low end, point value and high end; null means none."""

    __tablename__ = "score"
    __table_args__ = (
        CheckConstraint("horizon >= 0", name="horizon_not_negative"),
        {"sqlite_with_rowid": False},
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), primary_key=True, autoincrement=False)
    mode: Mapped[Mode] = mapped_column(enum_text(Mode, name="mode"), primary_key=True)
    horizon: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    score: Mapped[str] = mapped_column(Text, primary_key=True)
    node: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    low: Mapped[float | None]
    point: Mapped[float | None]
    high: Mapped[float | None]
