"""Baseline: chains, register, runs and scores.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "chain_load",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain_load")),
    )
    op.create_index("ix_chain_load_chain_id", "chain_load", ["chain_id", "id"], unique=False)
    op.create_table(
        "register_load",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_load")),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain_id", sa.Text(), nullable=False),
        sa.Column("main_horizon", sa.Integer(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "queued",
                "running",
                "succeeded",
                "failed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_holder", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("data_version", sa.Text(), nullable=True),
        sa.Column("code_version", sa.Text(), nullable=True),
        sa.Column("defaults_digest", sa.Text(), nullable=True),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("node_count", sa.Integer(), nullable=True),
        sa.Column("engine_seconds", sa.Double(), nullable=True),
        sa.Column("total_seconds", sa.Double(), nullable=True),
        sa.CheckConstraint(
            "(status = 'running') = (lease_holder IS NOT NULL)", name=op.f("ck_run_running_run_has_holder")
        ),
        sa.CheckConstraint(
            "(status IN ('succeeded', 'failed')) = (ended_at IS NOT NULL)",
            name=op.f("ck_run_ended_run_has_end"),
        ),
        sa.CheckConstraint(
            "status <> 'succeeded' OR data_version IS NOT NULL", name=op.f("ck_run_success_has_data_version")
        ),
        sa.CheckConstraint(
            "(lease_holder IS NULL) = (lease_until IS NULL)", name=op.f("ck_run_lease_is_whole")
        ),
        sa.CheckConstraint("attempt >= 1", name=op.f("ck_run_attempt_positive")),
        sa.CheckConstraint("main_horizon >= 1", name=op.f("ck_run_main_horizon_positive")),
        sa.CheckConstraint("progress >= 0 AND progress <= 1", name=op.f("ck_run_progress_is_fraction")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_index("ix_run_chain_id", "run", ["chain_id", "status", "id"], unique=False)
    op.create_index("ix_run_status", "run", ["status", "id"], unique=False)
    op.create_table(
        "bottleneck",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("load_id", sa.Integer(), nullable=False),
        sa.Column("bottleneck_id", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column(
            "five_base",
            sa.Enum(
                "basic_component",
                "basic_material",
                "industrial_software",
                "basic_process_equipment",
                "technology_platform",
                name="five_base",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=True),
        sa.Column("link_kind", sa.Text(), nullable=True),
        sa.Column("evidence_grade", sa.Text(), nullable=False),
        sa.Column("foreign_dependence", sa.Text(), nullable=True),
        sa.Column("main_foreign_suppliers", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("place_file", sa.Text(), nullable=True),
        sa.Column("place_row", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "superseded_at >= recorded_at", name=op.f("ck_bottleneck_superseded_after_recorded")
        ),
        sa.ForeignKeyConstraint(
            ["load_id"], ["register_load.id"], name=op.f("fk_bottleneck_load_id_register_load")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bottleneck")),
    )
    op.create_index(op.f("ix_bottleneck_load_id"), "bottleneck", ["load_id"], unique=False)
    op.create_index(
        "uq_bottleneck_current",
        "bottleneck",
        ["bottleneck_id"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_table(
        "chain",
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("tier_531", sa.Text(), nullable=True),
        sa.Column("cluster", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("home_use", sa.Double(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain_id", sa.Text(), nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=True),
        sa.Column("place_file", sa.Text(), nullable=True),
        sa.Column("place_row", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("load_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("home_use >= 0 AND home_use <= 1", name=op.f("ck_chain_home_use_is_fraction")),
        sa.CheckConstraint("superseded_at >= recorded_at", name=op.f("ck_chain_superseded_after_recorded")),
        sa.ForeignKeyConstraint(["load_id"], ["chain_load.id"], name=op.f("fk_chain_load_id_chain_load")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain")),
    )
    op.create_index(op.f("ix_chain_load_id"), "chain", ["load_id"], unique=False)
    op.create_index(
        "uq_chain_current_folder",
        "chain",
        ["chain_id"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NULL"),
    )
    op.create_index(
        "uq_chain_current_upload",
        "chain",
        ["chain_id"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL"),
    )
    op.create_table(
        "item",
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "material",
                "component",
                "equipment",
                "software",
                "process",
                "product",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "five_base",
            sa.Enum(
                "basic_component",
                "basic_material",
                "industrial_software",
                "basic_process_equipment",
                "technology_platform",
                name="five_base",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("weight", sa.Double(), nullable=True),
        sa.Column(
            "use",
            sa.Enum(
                "consumable", "capital", name="use", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("attrition", sa.Double(), nullable=True),
        sa.Column("cover_days", sa.Double(), nullable=True),
        sa.Column("spare_ratio", sa.Double(), nullable=True),
        sa.Column("suppliers_complete", sa.Boolean(), nullable=True),
        sa.Column("home_use", sa.Double(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain_id", sa.Text(), nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=True),
        sa.Column("place_file", sa.Text(), nullable=True),
        sa.Column("place_row", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("load_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("attrition >= 0", name=op.f("ck_item_attrition_not_negative")),
        sa.CheckConstraint("cover_days >= 0", name=op.f("ck_item_cover_days_not_negative")),
        sa.CheckConstraint("home_use >= 0 AND home_use <= 1", name=op.f("ck_item_home_use_is_fraction")),
        sa.CheckConstraint("spare_ratio >= 0", name=op.f("ck_item_spare_ratio_not_negative")),
        sa.CheckConstraint("superseded_at >= recorded_at", name=op.f("ck_item_superseded_after_recorded")),
        sa.CheckConstraint("weight >= 0", name=op.f("ck_item_weight_not_negative")),
        sa.ForeignKeyConstraint(["load_id"], ["chain_load.id"], name=op.f("fk_item_load_id_chain_load")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
    )
    op.create_index(op.f("ix_item_load_id"), "item", ["load_id"], unique=False)
    op.create_index(
        "uq_item_current_folder",
        "item",
        ["chain_id", "item_id"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NULL"),
    )
    op.create_index(
        "uq_item_current_upload",
        "item",
        ["chain_id", "item_id"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL"),
    )
    op.create_table(
        "link",
        sa.Column("input_item_id", sa.Text(), nullable=False),
        sa.Column("output_item_id", sa.Text(), nullable=False),
        sa.Column(
            "relation",
            sa.Enum(
                "input_of",
                "variant_of",
                "substitute_of",
                name="relation",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("essential", sa.Boolean(), nullable=True),
        sa.Column("weight", sa.Double(), nullable=True),
        sa.Column("group", sa.Text(), nullable=True),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain_id", sa.Text(), nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=True),
        sa.Column("place_file", sa.Text(), nullable=True),
        sa.Column("place_row", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("load_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "weight >= 0 AND (weight <= 1 OR relation = 'variant_of')", name=op.f("ck_link_weight_in_range")
        ),
        sa.CheckConstraint("superseded_at >= recorded_at", name=op.f("ck_link_superseded_after_recorded")),
        sa.ForeignKeyConstraint(["load_id"], ["chain_load.id"], name=op.f("fk_link_load_id_chain_load")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
    )
    op.create_index(op.f("ix_link_load_id"), "link", ["load_id"], unique=False)
    op.create_index(
        "uq_link_current_folder",
        "link",
        ["chain_id", "input_item_id", "output_item_id", "relation"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NULL"),
    )
    op.create_index(
        "uq_link_current_upload",
        "link",
        ["chain_id", "input_item_id", "output_item_id", "relation"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL"),
    )
    op.create_table(
        "purchase",
        sa.Column("buyer_id", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("supplier_id", sa.Text(), nullable=False),
        sa.Column("share", sa.Double(), nullable=True),
        sa.Column("stock_days", sa.Double(), nullable=True),
        sa.Column("list_complete", sa.Boolean(), nullable=True),
        sa.Column("spare", sa.Double(), nullable=True),
        sa.Column("ramp_days", sa.Double(), nullable=True),
        sa.Column("qualified", sa.Boolean(), nullable=True),
        sa.Column("qualification_days", sa.Double(), nullable=True),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain_id", sa.Text(), nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=True),
        sa.Column("place_file", sa.Text(), nullable=True),
        sa.Column("place_row", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("load_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "qualification_days >= 0", name=op.f("ck_purchase_qualification_days_not_negative")
        ),
        sa.CheckConstraint("ramp_days >= 0", name=op.f("ck_purchase_ramp_days_not_negative")),
        sa.CheckConstraint("share >= 0 AND share <= 1", name=op.f("ck_purchase_share_is_fraction")),
        sa.CheckConstraint("spare >= 0", name=op.f("ck_purchase_spare_not_negative")),
        sa.CheckConstraint("stock_days >= 0", name=op.f("ck_purchase_stock_days_not_negative")),
        sa.CheckConstraint(
            "superseded_at >= recorded_at", name=op.f("ck_purchase_superseded_after_recorded")
        ),
        sa.ForeignKeyConstraint(["load_id"], ["chain_load.id"], name=op.f("fk_purchase_load_id_chain_load")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase")),
    )
    op.create_index(op.f("ix_purchase_load_id"), "purchase", ["load_id"], unique=False)
    op.create_index(
        "uq_purchase_current_folder",
        "purchase",
        ["chain_id", "buyer_id", "item_id", "supplier_id"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NULL"),
    )
    op.create_index(
        "uq_purchase_current_upload",
        "purchase",
        ["chain_id", "buyer_id", "item_id", "supplier_id"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL"),
    )
    op.create_table(
        "run_node",
        sa.Column("run_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("node", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "scope",
            sa.Enum(
                "supplier",
                "parent",
                "country",
                "province",
                "city",
                "item",
                name="scope",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("province", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("home", sa.Boolean(), nullable=True),
        sa.Column("firms", sa.Integer(), nullable=False),
        sa.Column("scored", sa.Boolean(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "none",
                "yellow",
                "orange",
                "red",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "level_run",
            sa.Enum(
                "none",
                "yellow",
                "orange",
                "red",
                name="level_run",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "level_build",
            sa.Enum(
                "none",
                "yellow",
                "orange",
                "red",
                name="level_build",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "level_point",
            sa.Enum(
                "none",
                "yellow",
                "orange",
                "red",
                name="level_point",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "level_high",
            sa.Enum(
                "none",
                "yellow",
                "orange",
                "red",
                name="level_high",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "decided_by",
            sa.Enum("run", "build", name="decided_by", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "verdict",
            sa.Enum(
                "above",
                "below",
                "cannot_tell",
                "country_only",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("structural_run", sa.Boolean(), nullable=False),
        sa.Column("structural_build", sa.Boolean(), nullable=False),
        sa.Column("worst_slot_item", sa.Text(), nullable=True),
        sa.Column("worst_slot_level", sa.Double(), nullable=True),
        sa.Column("defaults", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(worst_slot_item IS NULL) = (worst_slot_level IS NULL)",
            name=op.f("ck_run_node_worst_slot_is_whole"),
        ),
        sa.CheckConstraint("firms >= 0", name=op.f("ck_run_node_firms_not_negative")),
        sa.CheckConstraint(
            "worst_slot_level >= 0 AND worst_slot_level <= 1",
            name=op.f("ck_run_node_worst_slot_level_is_fraction"),
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_node_run_id_run")),
        sa.PrimaryKeyConstraint("run_id", "node", name=op.f("pk_run_node")),
    )
    op.create_index("uq_run_node_key", "run_node", ["scope", "key", "run_id"], unique=True)
    op.create_table(
        "score",
        sa.Column("run_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "mode",
            sa.Enum("run", "build", name="mode", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("horizon", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("score", sa.Text(), nullable=False),
        sa.Column("node", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("low", sa.Double(), nullable=True),
        sa.Column("point", sa.Double(), nullable=True),
        sa.Column("high", sa.Double(), nullable=True),
        sa.CheckConstraint("horizon >= 0", name=op.f("ck_score_horizon_not_negative")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_score_run_id_run")),
        sa.PrimaryKeyConstraint("run_id", "mode", "horizon", "score", "node", name=op.f("pk_score")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "source",
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("licence", sa.Text(), nullable=True),
        sa.Column("accessed_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain_id", sa.Text(), nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=True),
        sa.Column("place_file", sa.Text(), nullable=True),
        sa.Column("place_row", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("load_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("superseded_at >= recorded_at", name=op.f("ck_source_superseded_after_recorded")),
        sa.ForeignKeyConstraint(["load_id"], ["chain_load.id"], name=op.f("fk_source_load_id_chain_load")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
    )
    op.create_index(op.f("ix_source_load_id"), "source", ["load_id"], unique=False)
    op.create_index(
        "uq_source_current_folder",
        "source",
        ["chain_id", "source_id"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NULL"),
    )
    op.create_index(
        "uq_source_current_upload",
        "source",
        ["chain_id", "source_id"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL"),
    )
    op.create_table(
        "supplier",
        sa.Column("supplier_id", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "enterprise",
                "country_aggregate",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("province", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("tags", sa.Text(), nullable=True),
        sa.Column("roles", sa.Text(), nullable=True),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain_id", sa.Text(), nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=True),
        sa.Column("place_file", sa.Text(), nullable=True),
        sa.Column("place_row", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("load_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("length(country) = 3", name=op.f("ck_supplier_country_is_alpha3")),
        sa.CheckConstraint(
            "superseded_at >= recorded_at", name=op.f("ck_supplier_superseded_after_recorded")
        ),
        sa.ForeignKeyConstraint(["load_id"], ["chain_load.id"], name=op.f("fk_supplier_load_id_chain_load")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplier")),
    )
    op.create_index(op.f("ix_supplier_load_id"), "supplier", ["load_id"], unique=False)
    op.create_index(
        "uq_supplier_current_folder",
        "supplier",
        ["chain_id", "supplier_id"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NULL"),
    )
    op.create_index(
        "uq_supplier_current_upload",
        "supplier",
        ["chain_id", "supplier_id"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL"),
    )
    op.create_table(
        "supply",
        sa.Column("supplier_id", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("share", sa.Double(), nullable=True),
        sa.Column(
            "share_scope",
            sa.Enum(
                "global", "domestic", name="share_scope", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("spare", sa.Double(), nullable=True),
        sa.Column("ramp_days", sa.Double(), nullable=True),
        sa.Column("qualified", sa.Boolean(), nullable=True),
        sa.Column("qualification_days", sa.Double(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("is_estimate", sa.Boolean(), nullable=True),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain_id", sa.Text(), nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=True),
        sa.Column("place_file", sa.Text(), nullable=True),
        sa.Column("place_row", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("load_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("qualification_days >= 0", name=op.f("ck_supply_qualification_days_not_negative")),
        sa.CheckConstraint("ramp_days >= 0", name=op.f("ck_supply_ramp_days_not_negative")),
        sa.CheckConstraint("share >= 0 AND share <= 1", name=op.f("ck_supply_share_is_fraction")),
        sa.CheckConstraint("spare >= 0", name=op.f("ck_supply_spare_not_negative")),
        sa.CheckConstraint("superseded_at >= recorded_at", name=op.f("ck_supply_superseded_after_recorded")),
        sa.ForeignKeyConstraint(["load_id"], ["chain_load.id"], name=op.f("fk_supply_load_id_chain_load")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supply")),
    )
    op.create_index(op.f("ix_supply_load_id"), "supply", ["load_id"], unique=False)
    op.create_index(
        "uq_supply_current_folder",
        "supply",
        ["chain_id", "supplier_id", "item_id", "share_scope", "year"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NULL"),
    )
    op.create_index(
        "uq_supply_current_upload",
        "supply",
        ["chain_id", "supplier_id", "item_id", "share_scope", "year"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL"),
    )
    op.create_index(
        "uq_supply_undated_folder",
        "supply",
        ["chain_id", "supplier_id", "item_id", "share_scope"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NULL AND year IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NULL AND year IS NULL"),
    )
    op.create_index(
        "uq_supply_undated_upload",
        "supply",
        ["chain_id", "supplier_id", "item_id", "share_scope"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL AND year IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL AND year IS NULL"),
    )


def downgrade() -> None:

    op.drop_index(
        "uq_supply_undated_upload",
        table_name="supply",
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL AND year IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL AND year IS NULL"),
    )
    op.drop_index(
        "uq_supply_undated_folder",
        table_name="supply",
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NULL AND year IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NULL AND year IS NULL"),
    )
    op.drop_index(
        "uq_supply_current_upload",
        table_name="supply",
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL"),
    )
    op.drop_index(
        "uq_supply_current_folder",
        table_name="supply",
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NULL"),
    )
    op.drop_index(op.f("ix_supply_load_id"), table_name="supply")
    op.drop_table("supply")
    op.drop_index(
        "uq_supplier_current_upload",
        table_name="supplier",
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL"),
    )
    op.drop_index(
        "uq_supplier_current_folder",
        table_name="supplier",
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NULL"),
    )
    op.drop_index(op.f("ix_supplier_load_id"), table_name="supplier")
    op.drop_table("supplier")
    op.drop_index(
        "uq_source_current_upload",
        table_name="source",
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL"),
    )
    op.drop_index(
        "uq_source_current_folder",
        table_name="source",
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NULL"),
    )
    op.drop_index(op.f("ix_source_load_id"), table_name="source")
    op.drop_table("source")
    op.drop_table("score")
    op.drop_index("uq_run_node_key", table_name="run_node")
    op.drop_table("run_node")
    op.drop_index(
        "uq_purchase_current_upload",
        table_name="purchase",
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL"),
    )
    op.drop_index(
        "uq_purchase_current_folder",
        table_name="purchase",
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NULL"),
    )
    op.drop_index(op.f("ix_purchase_load_id"), table_name="purchase")
    op.drop_table("purchase")
    op.drop_index(
        "uq_link_current_upload",
        table_name="link",
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL"),
    )
    op.drop_index(
        "uq_link_current_folder",
        table_name="link",
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NULL"),
    )
    op.drop_index(op.f("ix_link_load_id"), table_name="link")
    op.drop_table("link")
    op.drop_index(
        "uq_item_current_upload",
        table_name="item",
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL"),
    )
    op.drop_index(
        "uq_item_current_folder",
        table_name="item",
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NULL"),
    )
    op.drop_index(op.f("ix_item_load_id"), table_name="item")
    op.drop_table("item")
    op.drop_index(
        "uq_chain_current_upload",
        table_name="chain",
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NOT NULL"),
    )
    op.drop_index(
        "uq_chain_current_folder",
        table_name="chain",
        sqlite_where=sa.text("superseded_at IS NULL AND upload_id IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND upload_id IS NULL"),
    )
    op.drop_index(op.f("ix_chain_load_id"), table_name="chain")
    op.drop_table("chain")
    op.drop_index(
        "uq_bottleneck_current",
        table_name="bottleneck",
        sqlite_where=sa.text("superseded_at IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.drop_index(op.f("ix_bottleneck_load_id"), table_name="bottleneck")
    op.drop_table("bottleneck")
    op.drop_index("ix_run_status", table_name="run")
    op.drop_index("ix_run_chain_id", table_name="run")
    op.drop_table("run")
    op.drop_table("register_load")
    op.drop_index("ix_chain_load_chain_id", table_name="chain_load")
    op.drop_table("chain_load")
