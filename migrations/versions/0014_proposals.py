"""what a province proposes to the task forces below it"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "assignment_proposal_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("form_key", sa.String(length=40), nullable=True),
        sa.Column("task_force_id", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("basis_kind", sa.Enum("letter", "meeting", name="basis_kind", native_enum=False, create_constraint=True), nullable=False),
        sa.Column("basis_reference", sa.String(length=160), nullable=False),
        sa.Column("basis_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("agency_kind", sa.String(length=80), nullable=True),
        sa.Column("agency_label", sa.String(length=60), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(agency_kind IS NULL) = (agency_label IS NULL)",
            name=op.f("ck_assignment_proposal_batch_kind_has_label"),
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)",
            name=op.f("ck_assignment_proposal_batch_withdrawn_has_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_assignment_proposal_batch_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["task_force_id"],
            ["task_force.id"],
            name=op.f("fk_assignment_proposal_batch_task_force_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_proposal_batch")),
        sa.UniqueConstraint("form_key", name=op.f("uq_assignment_proposal_batch_form_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_assignment_proposal_batch_public_id")),
    )
    op.create_index(
        "ix_assignment_proposal_batch_task_force_id", "assignment_proposal_batch", ["task_force_id"]
    )
    op.create_table(
        "assignment_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("task_force_id", sa.Integer(), nullable=False),
        sa.Column("action_item_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Enum("open", "accepted", "declined", "withdrawn", name="proposal_state", native_enum=False, create_constraint=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)",
            name=op.f("ck_assignment_proposal_decided_has_time"),
        ),
        sa.CheckConstraint(
            "(state = 'accepted') = (assignment_id IS NOT NULL)",
            name=op.f("ck_assignment_proposal_accepted_has_assignment"),
        ),
        sa.CheckConstraint(
            "(state = 'declined') = (reason IS NOT NULL)",
            name=op.f("ck_assignment_proposal_declined_has_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["action_item_id"],
            ["action_item.id"],
            name=op.f("fk_assignment_proposal_action_item_id"),
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_assignment_proposal_assignment_id")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["assignment_proposal_batch.id"],
            name=op.f("fk_assignment_proposal_batch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_assignment_proposal_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["task_force_id"], ["task_force.id"], name=op.f("fk_assignment_proposal_task_force_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_proposal")),
        sa.UniqueConstraint(
            "batch_id",
            "task_force_id",
            "action_item_id",
            name=op.f("uq_assignment_proposal_batch_id_task_force_id_action_item_id"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_assignment_proposal_public_id")),
    )
    op.create_index(
        "ix_assignment_proposal_action_item_id", "assignment_proposal", ["action_item_id"]
    )
    op.create_index(
        "ix_assignment_proposal_assignment_id", "assignment_proposal", ["assignment_id"]
    )
    op.create_index(
        "uq_assignment_proposal_open_item",
        "assignment_proposal",
        ["task_force_id", "action_item_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )


def downgrade() -> None:
    op.drop_table("assignment_proposal")
    op.drop_table("assignment_proposal_batch")
