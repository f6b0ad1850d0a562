"""the summary that the matrix is read from; `flask prepare` fills it"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True)


def upgrade() -> None:
    op.create_table(
        "matrix_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("working_group_id", sa.Integer(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            _enum("report_state", "draft", "awaiting_head", "submitted", "returned", "verified"),
            nullable=True,
        ),
        sa.Column("kind", _enum("report_kind", "achievement", "nil", "blocked"), nullable=True),
        sa.Column("is_in_time", sa.Boolean(), nullable=False),
        sa.Column(
            "band",
            _enum(
                "band",
                "silent",
                "below",
                "attention",
                "disputed",
                "not_due",
                "support",
                "no_task",
                "waiting",
                "nil",
                "blocked",
                "no_target",
                "on_target",
                "complete",
                "none",
            ),
            nullable=True,
        ),
        sa.Column("obligations", sa.Integer(), nullable=False),
        sa.Column("percents", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_matrix_count_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["reporting_period.id"], name=op.f("fk_matrix_count_period_id")
        ),
        sa.ForeignKeyConstraint(
            ["working_group_id"],
            ["working_group.id"],
            name=op.f("fk_matrix_count_working_group_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matrix_count")),
    )
    op.create_index(
        "ix_matrix_count_place",
        "matrix_count",
        ["period_id", "agency_id", "working_group_id", "is_lead"],
    )
    op.drop_index("ix_obligation_period_id_agency_id", "obligation")
    op.create_index(
        "ix_obligation_period_id_agency_id_working_group_id",
        "obligation",
        ["period_id", "agency_id", "working_group_id"],
    )
    op.create_index("ix_assignment_party_assignment_id", "assignment_party", ["assignment_id"])


def downgrade() -> None:
    op.drop_index("ix_assignment_party_assignment_id", "assignment_party")
    op.drop_index("ix_obligation_period_id_agency_id_working_group_id", "obligation")
    op.create_index("ix_obligation_period_id_agency_id", "obligation", ["period_id", "agency_id"])
    op.drop_table("matrix_count")
