"""versions of a plan as documents, targets by level, discontinued actions; imports of a plan"""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

LEVELS = ("national", "province", "district")


def upgrade() -> None:
    op.create_table(
        "plan_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("told_from", sa.Integer(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name="fk_plan_version_author_id"),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="fk_plan_version_plan_id"),
        sa.PrimaryKeyConstraint("id", name="pk_plan_version"),
        sa.UniqueConstraint("plan_id", "number", name="uq_plan_version_plan_id_number"),
    )
    op.create_table(
        "plan_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("task_force_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("plan_key", sa.String(length=80), nullable=True),
        sa.Column("base_number", sa.Integer(), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.String(length=16), nullable=True),
        sa.Column("reading", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name="fk_plan_import_owner_id"),
        sa.ForeignKeyConstraint(
            ["task_force_id"], ["task_force.id"], name="fk_plan_import_task_force_id"
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["plan_version.id"], name="fk_plan_import_version_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_plan_import"),
        sa.UniqueConstraint("public_id", name="uq_plan_import_public_id"),
    )
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.add_column(sa.Column("basis", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("source", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("national_key", sa.String(length=80), nullable=True))
        batch_op.drop_column("content_hash")
    with op.batch_alter_table("action_item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("basis", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("national_key", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("discontinued", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("left_in", sa.Integer(), nullable=True))
        batch_op.alter_column("tag", existing_type=sa.String(length=20), nullable=True)
        batch_op.drop_constraint("uq_action_item_plan_id_code", type_="unique")
        batch_op.create_index(
            "uq_action_item_code_in_plan",
            ["plan_id", "code"],
            unique=True,
            sqlite_where=sa.text("left_in IS NULL"),
            postgresql_where=sa.text("left_in IS NULL"),
        )
    with op.batch_alter_table("candidate_party", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("position", sa.Integer(), nullable=False, server_default=sa.text("0"))
        )
    op.execute(sa.text("UPDATE candidate_party SET position = id"))
    with op.batch_alter_table("candidate_party", schema=None) as batch_op:
        batch_op.alter_column("position", existing_type=sa.Integer(), server_default=None)
    with op.batch_alter_table("indicator", schema=None) as batch_op:
        batch_op.add_column(sa.Column("left_in", sa.Integer(), nullable=True))
    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "level",
                sa.Enum(*LEVELS, name="target_level", native_enum=False, create_constraint=True),
                nullable=True,
            )
        )
        batch_op.drop_constraint("uq_target_indicator_id_year", type_="unique")
        batch_op.create_index("ix_target_indicator_id", ["indicator_id"], unique=False)
        batch_op.create_index(
            "uq_target_every_level",
            ["indicator_id", "year"],
            unique=True,
            sqlite_where=sa.text("level IS NULL"),
            postgresql_where=sa.text("level IS NULL"),
        )
        batch_op.create_index(
            "uq_target_level",
            ["indicator_id", "level", "year"],
            unique=True,
            sqlite_where=sa.text("level IS NOT NULL"),
            postgresql_where=sa.text("level IS NOT NULL"),
        )
    _first_versions()


def downgrade() -> None:
    # What the former schema cannot hold is let go: targets of one level, indicators' marks.
    op.execute(sa.text("DELETE FROM target WHERE level IS NOT NULL"))
    op.execute(sa.text("UPDATE action_item SET tag = '' WHERE tag IS NULL"))
    op.execute(
        sa.text("UPDATE action_item SET code = '~' || id WHERE left_in IS NOT NULL")
    )
    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.drop_index("ix_target_indicator_id")
        batch_op.drop_index("uq_target_level")
        batch_op.drop_index("uq_target_every_level")
        batch_op.drop_constraint(batch_op.f("ck_target_target_level"), type_="check")
        batch_op.drop_column("level")
        batch_op.create_unique_constraint("uq_target_indicator_id_year", ["indicator_id", "year"])
    with op.batch_alter_table("indicator", schema=None) as batch_op:
        batch_op.drop_column("left_in")
    with op.batch_alter_table("candidate_party", schema=None) as batch_op:
        batch_op.drop_column("position")
    with op.batch_alter_table("action_item", schema=None) as batch_op:
        batch_op.drop_index("uq_action_item_code_in_plan")
        batch_op.drop_column("left_in")
        batch_op.drop_column("discontinued")
        batch_op.drop_column("national_key")
        batch_op.drop_column("basis")
        batch_op.alter_column("tag", existing_type=sa.String(length=20), nullable=False)
        batch_op.create_unique_constraint("uq_action_item_plan_id_code", ["plan_id", "code"])
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "content_hash", sa.String(length=64), nullable=False, server_default=sa.text("''")
            )
        )
        batch_op.drop_column("national_key")
        batch_op.drop_column("source")
        batch_op.drop_column("basis")
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.alter_column(
            "content_hash", existing_type=sa.String(length=64), server_default=None
        )
    op.drop_table("plan_import")
    op.drop_table("plan_version")


def _rows(query: str, **values: Any) -> list[Any]:
    return list(op.get_bind().execute(sa.text(query), values).mappings())


def _first_versions() -> None:
    """What is in force when versions come is version 1 of its plan, as a document."""
    table = sa.table(
        "plan_version",
        *(
            sa.column(name)
            for name in ("plan_id", "number", "reason", "changes", "content")
        ),
        sa.column("recorded_at", sa.DateTime(timezone=True)),
    )
    stamp = datetime.now(UTC)
    if op.get_bind().dialect.name == "sqlite":
        stamp = stamp.replace(tzinfo=None)
    for plan in _rows("SELECT * FROM plan ORDER BY id"):
        op.get_bind().execute(
            sa.insert(table).values(
                plan_id=plan["id"],
                number=1,
                reason="Rencana yang berlaku ketika versi mulai dicatat",
                recorded_at=stamp,
                changes=0,
                content=json.dumps(_document(plan), ensure_ascii=False, separators=(",", ":")),
            )
        )


def _document(plan: Any) -> dict[str, Any]:
    head = {
        "id": plan["key"],
        "kind": plan["kind"],
        "title": plan["title"],
        "status": plan["status"],
        "sample": bool(plan["is_sample"]),
        "first_year": plan["first_year"],
        "last_year": plan["last_year"],
        "note": plan["note"],
    }
    if plan["task_force_id"] is not None:
        force = _rows("SELECT code FROM task_force WHERE id = :id", id=plan["task_force_id"])
        head["task_force"] = force[0]["code"]
    of_plan = "SELECT a.id FROM action_item a WHERE a.plan_id = :plan"
    strategies = _rows(
        "SELECT * FROM strategy WHERE plan_id = :plan ORDER BY number", plan=plan["id"]
    )
    numbers = {row["id"]: row["number"] for row in strategies}
    targets: dict[int, dict[str, str]] = {}
    for row in _rows(
        "SELECT t.* FROM target t JOIN indicator i ON i.id = t.indicator_id "
        f"WHERE i.action_item_id IN ({of_plan}) ORDER BY t.indicator_id, t.year",
        plan=plan["id"],
    ):
        value = Decimal(row["value"]) / 1000
        targets.setdefault(row["indicator_id"], {})[str(row["year"])] = (
            format(value.normalize(), "f") if value else "0"
        )
    indicators: dict[int, list[dict[str, Any]]] = {}
    for row in _rows(
        f"SELECT * FROM indicator WHERE action_item_id IN ({of_plan}) "
        "ORDER BY action_item_id, position",
        plan=plan["id"],
    ):
        part = {
            "id": row["key"],
            **{name: row[name] for name in ("name", "unit", "kind", "better", "accumulation")},
        }
        if row["id"] in targets:
            part["targets"] = targets[row["id"]]
        indicators.setdefault(row["action_item_id"], []).append(part)
    actions = [
        _action(row, numbers[row["strategy_id"]], indicators.get(row["id"], []))
        for row in _rows(
            "SELECT * FROM action_item WHERE plan_id = :plan ORDER BY position", plan=plan["id"]
        )
    ]
    return {
        "schema": "1",
        "plan": {key: value for key, value in head.items() if value not in (None, False)},
        "strategies": [{"number": row["number"], "title": row["title"]} for row in strategies],
        "actions": actions,
    }


def _action(row: Any, strategy: int, indicators: list[dict[str, Any]]) -> dict[str, Any]:
    parties = _rows(
        "SELECT * FROM candidate_party WHERE action_item_id = :id ORDER BY id", id=row["id"]
    )
    duties = _rows("SELECT * FROM action_duty WHERE action_item_id = :id ORDER BY id", id=row["id"])
    part: dict[str, Any] = {
        "id": row["key"],
        "code": row["code"],
        "strategy": strategy,
        "working_group": row["working_group_key"],
        "title": row["title"],
        "question": row["question"],
        "origin": row["origin"],
        "indicators": indicators,
    }
    if row["tag"]:
        part["tag"] = row["tag"]
    for party in parties:
        if party["kind"] == "lead":
            part["lead"] = party["agency_key"]
        else:
            part.setdefault("support", []).append(party["agency_key"])
    if duties:
        part["duties"] = [duty["duty_key"] for duty in duties]
    return part
