"""periods: closing, reopening, what is left out; calendar feeds"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    # Written out: batch mode would copy the table and lose the CHECKs that SQLite cannot reflect.
    stamp = "DATETIME" if op.get_bind().dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    op.execute(
        f"ALTER TABLE reporting_period ADD COLUMN closed_at {stamp} "
        "CONSTRAINT ck_reporting_period_closed_was_opened "
        "CHECK (closed_at IS NULL OR opened_at IS NOT NULL)"
    )
    op.add_column("reporting_period", sa.Column("left_out", sa.JSON(), nullable=True))
    op.create_table(
        "period_reopening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reopened_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("former_closes_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["period_id"], ["reporting_period.id"], name=op.f("fk_period_reopening_period_id")
        ),
        sa.ForeignKeyConstraint(
            ["reopened_by_id"], ["account.id"], name=op.f("fk_period_reopening_reopened_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_reopening")),
    )
    op.create_index(op.f("ix_period_reopening_period_id"), "period_reopening", ["period_id"])
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["access_grant.id"], name=op.f("fk_calendar_feed_grant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("public_id", name=op.f("uq_calendar_feed_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
        sa.UniqueConstraint("grant_id", name=op.f("uq_calendar_feed_grant_id")),
    )


def downgrade() -> None:
    op.drop_table("calendar_feed")
    op.drop_index(op.f("ix_period_reopening_period_id"), "period_reopening")
    op.drop_table("period_reopening")
    op.drop_column("reporting_period", "left_out")
    op.drop_column("reporting_period", "closed_at")
