"""what a list of people says was left out of its file"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    with op.batch_alter_table("people_import") as table:
        table.add_column(sa.Column("said", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("people_import") as table:
        table.alter_column("said", existing_type=sa.JSON(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("people_import") as table:
        table.drop_column("said")
