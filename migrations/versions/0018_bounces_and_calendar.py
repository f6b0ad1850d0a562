"""mails that came back: each report counts once, unclear answers; what a calendar feed last said"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    # Batch mode would copy the table and lose its CHECK, which SQLite cannot reflect.
    op.add_column("address_bounce", sa.Column("report", sa.String(length=64), nullable=True))
    op.create_index(
        "ix_address_bounce_report_address", "address_bounce", ["report", "address"], unique=True
    )
    op.create_table(
        "unclear_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=300), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unclear_answer")),
        sa.UniqueConstraint("report", "address", name=op.f("uq_unclear_answer_report_address")),
    )
    op.create_table(
        "calendar_entry",
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=160), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["feed_id"],
            ["calendar_feed.id"],
            name=op.f("fk_calendar_entry_feed_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("feed_id", "uid", name=op.f("pk_calendar_entry")),
    )


def downgrade() -> None:
    op.drop_table("calendar_entry")
    op.drop_table("unclear_answer")
    op.drop_index("ix_address_bounce_report_address", "address_bounce")
    op.drop_column("address_bounce", "report")
