"""which mail a bounce or an unclear answer is about"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    for table in ("address_bounce", "unclear_answer"):
        op.add_column(table, sa.Column("email_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    for table in ("unclear_answer", "address_bounce"):
        op.drop_column(table, "email_id")
