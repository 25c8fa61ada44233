"""Tables of the scheduler: which slots have been taken, and which process is the scheduler."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from chains.base import Base, UtcDateTime


class ScheduleSlotRow(Base):
    """A moment at which a job was due, and that somebody has done it: the key lets nobody do it twice."""

    __tablename__ = "schedule_slot"

    job: Mapped[str] = mapped_column(Text, primary_key=True)
    slot_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_by: Mapped[str] = mapped_column(Text)
    run_ids: Mapped[list[int]] = mapped_column(JSON)


class ProcessLeaseRow(Base):
    """A role that one process has at a time."""

    __tablename__ = "process_lease"
    __table_args__ = (CheckConstraint("until >= taken_at", name="lease_ends_after_begin"),)

    role: Mapped[str] = mapped_column(Text, primary_key=True)
    holder: Mapped[str] = mapped_column(Text)
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
