"""since when the audit trail has a head outside the database, and where /siap tries to write"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    with op.batch_alter_table("installation") as table:
        table.add_column(sa.Column("audit_head_since", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("probed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("installation") as table:
        table.drop_column("probed_at")
        table.drop_column("audit_head_since")
