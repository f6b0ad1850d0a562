"""letterheads, published role cards, long work"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "letterhead",
        sa.Column("task_force_id", sa.Integer(), nullable=False),
        sa.Column("heading", sa.String(length=400), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("office", sa.String(length=120), nullable=False),
        sa.Column("telephone", sa.String(length=60), nullable=False),
        sa.Column("email", sa.String(length=120), nullable=False),
        sa.Column("hours", sa.String(length=120), nullable=False),
        sa.Column("emblem", sa.LargeBinary(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_force_id"], ["task_force.id"], name=op.f("fk_letterhead_task_force_id")
        ),
        sa.PrimaryKeyConstraint("task_force_id", name=op.f("pk_letterhead")),
    )
    op.create_table(
        "card_publication",
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "withdrawn_at IS NOT NULL OR withdrawn_by_id IS NULL",
            name=op.f("ck_card_publication_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_card_publication_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["account.id"], name=op.f("fk_card_publication_published_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["account.id"], name=op.f("fk_card_publication_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("agency_id", name=op.f("pk_card_publication")),
    )
    op.create_table(
        "background_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("task_force_id", sa.Integer(), nullable=True),
        sa.Column("requested_by_id", sa.Integer(), nullable=False),
        sa.Column(
            "access",
            sa.Enum(
                "secretariat",
                "focal_point",
                "agency_head",
                "leadership",
                "auditor",
                "administrator",
                name="access_kind",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "running",
                "done",
                "failed",
                "cancelled",
                name="task_state",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("result_name", sa.String(length=200), nullable=True),
        sa.Column("result_type", sa.String(length=100), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_by", sa.String(length=80), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'running') = (lease_by IS NOT NULL)",
            name=op.f("ck_background_task_lease_running"),
        ),
        sa.CheckConstraint(
            "(state IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)",
            name=op.f("ck_background_task_ended_has_time"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_background_task_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"], ["account.id"], name=op.f("fk_background_task_requested_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["task_force_id"], ["task_force.id"], name=op.f("fk_background_task_task_force_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_background_task")),
        sa.UniqueConstraint("public_id", name=op.f("uq_background_task_public_id")),
    )
    with op.batch_alter_table("background_task", schema=None) as batch_op:
        batch_op.create_index("ix_background_task_state_id", ["state", "id"], unique=False)
        batch_op.create_index(
            "ix_background_task_requested_by_id_id", ["requested_by_id", "id"], unique=False
        )


def downgrade() -> None:
    op.drop_table("background_task")
    op.drop_table("card_publication")
    op.drop_table("letterhead")
