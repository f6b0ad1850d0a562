"""campaigns that ask agencies to answer their duties, and the units that agencies name"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

TIME = sa.DateTime(timezone=True)
RUNNING = sa.text("ended_at IS NULL")


def reference(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    purpose = ("answer", "confirm")
    op.create_table(
        "answer_campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(16), nullable=False),
        sa.Column("task_force_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(*purpose, name="campaign_purpose", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.Column("working_group_id", sa.Integer(), nullable=True),
        sa.Column("target_on", sa.Date(), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("mapping_version", sa.Integer(), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        reference("answer_campaign", "ended_by_id", "account"),
        reference("answer_campaign", "started_by_id", "account"),
        reference("answer_campaign", "task_force_id", "task_force"),
        reference("answer_campaign", "working_group_id", "working_group"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_campaign")),
        sa.UniqueConstraint("public_id", name=op.f("uq_answer_campaign_public_id")),
    )
    op.create_index(
        "uq_answer_campaign_running",
        "answer_campaign",
        ["task_force_id"],
        unique=True,
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )
    op.create_table(
        "campaign_agency",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("confirm_since", TIME, nullable=True),
        reference("campaign_agency", "agency_id", "agency"),
        reference("campaign_agency", "campaign_id", "answer_campaign"),
        sa.PrimaryKeyConstraint("campaign_id", "agency_id", name=op.f("pk_campaign_agency")),
    )
    op.create_index(op.f("ix_campaign_agency_agency_id"), "campaign_agency", ["agency_id"])
    steps = ("opening", "week_before", "day_before", "after")
    outcomes = ("sent", "skipped")
    op.create_table(
        "campaign_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(*steps, name="campaign_step", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum(*outcomes, name="notice_outcome", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("email_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "outcome != 'sent' OR email_id IS NOT NULL",
            name=op.f("ck_campaign_notice_sent_has_mail"),
        ),
        reference("campaign_notice", "account_id", "account"),
        reference("campaign_notice", "agency_id", "agency"),
        reference("campaign_notice", "campaign_id", "answer_campaign"),
        reference("campaign_notice", "email_id", "outgoing_email"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_notice")),
        sa.UniqueConstraint(
            "campaign_id",
            "agency_id",
            "account_id",
            "step",
            name=op.f("uq_campaign_notice_campaign_id_agency_id_account_id_step"),
        ),
    )
    op.create_index(op.f("ix_campaign_notice_account_id"), "campaign_notice", ["account_id"])
    op.create_table(
        "duty_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(120), nullable=True),
        sa.Column("office", sa.String(120), nullable=True),
        sa.Column("said_by_id", sa.Integer(), nullable=False),
        sa.Column("said_at", TIME, nullable=False),
        reference("duty_unit", "agency_id", "agency"),
        reference("duty_unit", "duty_id", "duty"),
        reference("duty_unit", "said_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_unit")),
    )
    op.create_index(op.f("ix_duty_unit_agency_id"), "duty_unit", ["agency_id"])
    op.create_index(
        "ix_duty_unit_duty_id_agency_id_id", "duty_unit", ["duty_id", "agency_id", "id"]
    )


def downgrade() -> None:
    for table in ("duty_unit", "campaign_notice", "campaign_agency", "answer_campaign"):
        op.drop_table(table)
