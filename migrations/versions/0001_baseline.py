"""Baseline: chains, register, runs and scores.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

FIVE_BASE = (
    "basic_component",
    "basic_material",
    "industrial_software",
    "basic_process_equipment",
    "technology_platform",
)
KINDS = ("material", "component", "equipment", "software", "process", "product")
LEVELS = ("none", "yellow", "orange", "red")
MODES = ("run", "build")
SCOPES = ("supplier", "parent", "country", "province", "city", "item")
FOLDER = "superseded_at IS NULL AND upload_id IS NULL"
UPLOAD = "superseded_at IS NULL AND upload_id IS NOT NULL"
TABLES = (
    "chain_load",
    "register_load",
    "bottleneck",
    "chain",
    "item",
    "link",
    "supplier",
    "supply",
    "purchase",
    "source",
    "run",
    "run_node",
    "score",
)


def upgrade() -> None:
    make_loads()
    make_register()
    make_items()
    make_suppliers()
    make_deliveries()
    make_runs()
    make_run_nodes()
    make_scores()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def make_loads() -> None:
    op.create_table("chain_load", key(), *texts("chain_id", "digest", "origin"), instant("loaded_at"))
    op.create_index("ix_chain_load_chain_id", "chain_load", ["chain_id", "id"])
    op.create_table("register_load", key(), *texts("version"), instant("loaded_at"))


def make_register() -> None:
    op.create_table(
        "bottleneck",
        key(),
        sa.Column("load_id", sa.Integer(), sa.ForeignKey("register_load.id"), nullable=False),
        *texts("bottleneck_id", "name_zh", "name_en"),
        one_of("five_base", *FIVE_BASE),
        *texts("chain", "evidence_grade", "status"),
        *optional_texts("item_id", "link_kind", "foreign_dependence", "main_foreign_suppliers"),
        *optional_texts("source_id", "note", "place_file"),
        sa.Column("place_row", sa.Integer()),
        instant("recorded_at"),
        instant("superseded_at", nullable=True),
        check("superseded_after_recorded", "superseded_at >= recorded_at"),
    )
    op.create_index("ix_bottleneck_load_id", "bottleneck", ["load_id"])
    make_unique("uq_bottleneck_current", "bottleneck", "bottleneck_id", where="superseded_at IS NULL")


def make_items() -> None:
    make_facts(
        "chain",
        (),
        *texts("name_zh", "name_en"),
        *optional_texts("tier_531", "cluster", "note"),
        *numbers("home_use"),
        fraction("home_use"),
    )
    make_facts(
        "item",
        ("item_id",),
        *texts("item_id", "name_en", "name_zh"),
        one_of("kind", *KINDS),
        one_of("five_base", *FIVE_BASE, nullable=True),
        *optional_texts("stage", "description", "source_id"),
        one_of("use", "consumable", "capital", nullable=True),
        *numbers("weight", "attrition", "cover_days", "spare_ratio", "home_use"),
        sa.Column("suppliers_complete", sa.Boolean()),
        *(not_negative(name) for name in ("weight", "attrition", "cover_days", "spare_ratio")),
        fraction("home_use"),
    )
    make_facts(
        "link",
        ("input_item_id", "output_item_id", "relation"),
        *texts("input_item_id", "output_item_id"),
        one_of("relation", "input_of", "variant_of", "substitute_of"),
        sa.Column("essential", sa.Boolean()),
        *numbers("weight"),
        *optional_texts("group", "source_id"),
        check("weight_in_range", "weight >= 0 AND (weight <= 1 OR relation = 'variant_of')"),
    )


def make_suppliers() -> None:
    make_facts(
        "supplier",
        ("supplier_id",),
        *texts("supplier_id", "name_en"),
        one_of("kind", "enterprise", "country_aggregate"),
        *optional_texts("name_zh", "country", "province", "city", "parent", "tags", "roles", "source_id"),
        check("country_is_alpha3", "length(country) = 3"),
    )
    make_facts(
        "source",
        ("source_id",),
        *texts("source_id", "title"),
        *optional_texts("publisher", "url", "licence"),
        sa.Column("year", sa.Integer()),
        sa.Column("accessed_on", sa.Date()),
    )


def make_deliveries() -> None:
    supply = ("supplier_id", "item_id", "share_scope")
    make_facts(
        "supply",
        (*supply, "year"),
        *texts("supplier_id", "item_id"),
        one_of("share_scope", "global", "domestic"),
        *numbers("share", "spare", "ramp_days", "qualification_days"),
        sa.Column("qualified", sa.Boolean()),
        sa.Column("year", sa.Integer()),
        sa.Column("is_estimate", sa.Boolean()),
        *optional_texts("source_id"),
        *delivery_checks(),
    )
    # To an index two unknown years differ, to the model they are one.
    for origin, where in (("folder", FOLDER), ("upload", UPLOAD)):
        name = f"uq_supply_undated_{origin}"
        make_unique(name, "supply", "chain_id", *supply, where=f"{where} AND year IS NULL")
    make_facts(
        "purchase",
        ("buyer_id", "item_id", "supplier_id"),
        *texts("buyer_id", "item_id", "supplier_id"),
        *numbers("share", "stock_days", "spare", "ramp_days", "qualification_days"),
        sa.Column("list_complete", sa.Boolean()),
        sa.Column("qualified", sa.Boolean()),
        *optional_texts("source_id"),
        *delivery_checks(),
        not_negative("stock_days"),
    )


def make_runs() -> None:
    op.create_table(
        "run",
        key(),
        *texts("chain_id", "reason", "requested_by"),
        sa.Column("main_horizon", sa.Integer(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        one_of("status", "queued", "running", "succeeded", "failed"),
        sa.Column("attempt", sa.Integer(), nullable=False),
        instant("queued_at"),
        *(instant(name, nullable=True) for name in ("started_at", "ended_at", "lease_until")),
        sa.Column("progress", sa.Double(), nullable=False),
        *optional_texts("lease_holder", "message", "data_version", "code_version", "defaults_digest"),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("node_count", sa.Integer()),
        *numbers("engine_seconds", "total_seconds"),
        check("ended_run_has_end", "(status IN ('succeeded', 'failed')) = (ended_at IS NOT NULL)"),
        check("running_run_has_holder", "(status = 'running') = (lease_holder IS NOT NULL)"),
        check("lease_is_whole", "(lease_holder IS NULL) = (lease_until IS NULL)"),
        check("success_has_data_version", "status <> 'succeeded' OR data_version IS NOT NULL"),
        check("main_horizon_positive", "main_horizon >= 1"),
        check("attempt_positive", "attempt >= 1"),
        fraction("progress"),
    )
    op.create_index("ix_run_status", "run", ["status", "id"])
    op.create_index("ix_run_chain_id", "run", ["chain_id", "status", "id"])


def make_run_nodes() -> None:
    levels = ("level", "level_run", "level_build", "level_point", "level_high")
    op.create_table(
        "run_node",
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("run.id"), primary_key=True, autoincrement=False),
        sa.Column("node", sa.Integer(), primary_key=True, autoincrement=False),
        one_of("scope", *SCOPES),
        *texts("key", "name_zh", "name_en"),
        *optional_texts("country", "province", "city", "worst_slot_item"),
        sa.Column("home", sa.Boolean()),
        sa.Column("firms", sa.Integer(), nullable=False),
        *(one_of(name, *LEVELS) for name in levels),
        one_of("decided_by", *MODES),
        one_of("verdict", "above", "below", "cannot_tell", "country_only"),
        *flags("scored", "structural_run", "structural_build"),
        *numbers("worst_slot_level"),
        sa.Column("defaults", sa.JSON(), nullable=False),
        not_negative("firms"),
        check("worst_slot_is_whole", "(worst_slot_item IS NULL) = (worst_slot_level IS NULL)"),
        fraction("worst_slot_level"),
    )
    op.create_index("uq_run_node_key", "run_node", ["scope", "key", "run_id"], unique=True)


def make_scores() -> None:
    op.create_table(
        "score",
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("run.id"), primary_key=True, autoincrement=False),
        one_of("mode", *MODES, primary_key=True),
        sa.Column("horizon", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("score", sa.Text(), primary_key=True),
        sa.Column("node", sa.Integer(), primary_key=True, autoincrement=False),
        *numbers("low", "point", "high"),
        not_negative("horizon"),
        sqlite_with_rowid=False,
    )


def make_facts(table: str, fact_key: tuple[str, ...], *columns: sa.schema.SchemaItem) -> None:
    """Make a table whose rows are superseded, never overwritten."""
    op.create_table(
        table,
        key(),
        *texts("chain_id"),
        sa.Column("load_id", sa.Integer(), sa.ForeignKey("chain_load.id")),
        sa.Column("upload_id", sa.Integer()),
        *optional_texts("place_file"),
        sa.Column("place_row", sa.Integer()),
        instant("recorded_at"),
        instant("superseded_at", nullable=True),
        *columns,
        check("superseded_after_recorded", "superseded_at >= recorded_at"),
    )
    op.create_index(f"ix_{table}_load_id", table, ["load_id"])
    for origin, where in (("folder", FOLDER), ("upload", UPLOAD)):
        make_unique(f"uq_{table}_current_{origin}", table, "chain_id", *fact_key, where=where)


def make_unique(name: str, table: str, *columns: str, where: str) -> None:
    condition = sa.text(where)
    op.create_index(
        name, table, list(columns), unique=True, sqlite_where=condition, postgresql_where=condition
    )


def delivery_checks() -> tuple[sa.CheckConstraint, ...]:
    days = (not_negative(name) for name in ("spare", "ramp_days", "qualification_days"))
    return (fraction("share"), *days)


def key() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), primary_key=True)


def texts(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.Text(), nullable=False) for name in names)


def optional_texts(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.Text()) for name in names)


def numbers(*names: str) -> tuple[sa.Column[float], ...]:
    return tuple(sa.Column(name, sa.Double()) for name in names)


def flags(*names: str) -> tuple[sa.Column[bool], ...]:
    return tuple(sa.Column(name, sa.Boolean(), nullable=False) for name in names)


def instant(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def one_of(name: str, *values: str, nullable: bool = False, primary_key: bool = False) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, kind, nullable=nullable, primary_key=primary_key)


def check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=name)


def fraction(name: str) -> sa.CheckConstraint:
    return check(f"{name}_is_fraction", f"{name} >= 0 AND {name} <= 1")


def not_negative(name: str) -> sa.CheckConstraint:
    return check(f"{name}_not_negative", f"{name} >= 0")
