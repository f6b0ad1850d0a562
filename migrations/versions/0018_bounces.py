"""a report of a mail that came back counts once; answers that no rule understands"""

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


def downgrade() -> None:
    op.drop_table("unclear_answer")
    op.drop_index("ix_address_bounce_report_address", "address_bounce")
    op.drop_column("address_bounce", "report")
