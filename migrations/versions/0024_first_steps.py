"""who has put the first steps away, and where a backup was written to"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "hidden_first_steps",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_hidden_first_steps_account_id_account")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_hidden_first_steps")),
    )
    with op.batch_alter_table("backup") as batch:
        batch.add_column(sa.Column("folder", sa.String(255), nullable=False, server_default=""))
    # Apart: a batch copies the rows once it is whole, and then the new column would have no value.
    with op.batch_alter_table("backup") as batch:
        batch.alter_column("folder", existing_type=sa.String(255), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("backup") as batch:
        batch.drop_column("folder")
    op.drop_table("hidden_first_steps")
