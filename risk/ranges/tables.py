"""Table of bands: quantiles over drawn shares, with the seed that gives them again."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from chains.base import Base
from chains.model import Mode
from chains.tables import enum_text


class BandRow(Base):
    """The band of one score of one node of a run, at the run's main horizon."""

    __tablename__ = "band"
    __table_args__ = (
        ForeignKeyConstraint(["run_id", "node"], ["run_node.run_id", "run_node.node"]),
        CheckConstraint("draws >= 1", name="draws_positive"),
        CheckConstraint("seed >= 0", name="seed_not_negative"),
        CheckConstraint("q05 <= q50 AND q50 <= q95", name="quantiles_rise"),
    )

    run_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    node: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    mode: Mapped[Mode] = mapped_column(enum_text(Mode, name="mode"), primary_key=True)
    score: Mapped[str] = mapped_column(Text, primary_key=True)
    draws: Mapped[int]
    seed: Mapped[int]
    law: Mapped[str] = mapped_column(Text)
    q05: Mapped[float]
    q50: Mapped[float]
    q95: Mapped[float]
