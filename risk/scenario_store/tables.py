"""Tables of scenarios that are kept, and of what each run of them found."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from chains.base import Base, UtcDateTime


class ScenarioRow(Base):
    """A scenario under a name; what it assumes is JSON."""

    __tablename__ = "scenario"
    __table_args__ = (
        Index("uq_scenario_name", "name", unique=True),
        Index("ix_scenario_chain_id", "chain_id", "id"),
        CheckConstraint("length(name) >= 1", name="name_not_blank"),
        CheckConstraint("(by_name IS NULL) = (by_unit IS NULL)", name="officer_is_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    chain_id: Mapped[str] = mapped_column(Text)
    plan: Mapped[dict[str, Any]] = mapped_column(JSON)
    origin: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_name: Mapped[str | None] = mapped_column(Text)
    by_unit: Mapped[str | None] = mapped_column(Text)


class ScenarioAnswerRow(Base):
    """What a scenario gave on one state of the data; only ever added, and removed with its scenario."""

    __tablename__ = "scenario_answer"
    __table_args__ = (Index("ix_scenario_answer_scenario_id", "scenario_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scenario_id: Mapped[int] = mapped_column(ForeignKey("scenario.id"))
    computed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    data_version: Mapped[str] = mapped_column(Text)
    code_version: Mapped[str] = mapped_column(Text)
    defaults_digest: Mapped[str] = mapped_column(Text)
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
