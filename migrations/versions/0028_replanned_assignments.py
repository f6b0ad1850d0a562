"""what a version of a plan did to running assignments, so that taking the version back undoes it"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.create_table(
        "replanned_assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_version_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ended", sa.JSON(), nullable=False),
        sa.Column("targets", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["plan_version_id"], ["plan_version.id"], name=op.f("fk_replanned_assignment_plan_version_id")),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_replanned_assignment_assignment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replanned_assignment")),
        sa.UniqueConstraint("plan_version_id", "assignment_id", name=op.f("uq_replanned_assignment_plan_version_id_assignment_id")),
    )
    op.create_index(op.f("ix_replanned_assignment_assignment_id"), "replanned_assignment", ["assignment_id"])


def downgrade() -> None:
    op.drop_table("replanned_assignment")
