"""texts of laws that were withdrawn, and checks that a newer text has put in question"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    with op.batch_alter_table("instrument_text") as batch:
        batch.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("withdrawn_by_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_instrument_text_withdrawn_by_id"), "account", ["withdrawn_by_id"], ["id"])
    with op.batch_alter_table("text_check") as batch:
        batch.add_column(sa.Column("outdated_by_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_text_check_outdated_by_id"), "instrument_text", ["outdated_by_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("text_check") as batch:
        batch.drop_constraint(op.f("fk_text_check_outdated_by_id"), type_="foreignkey")
        batch.drop_column("outdated_by_id")
    with op.batch_alter_table("instrument_text") as batch:
        batch.drop_constraint(op.f("fk_instrument_text_withdrawn_by_id"), type_="foreignkey")
        batch.drop_column("withdrawn_by_id")
        batch.drop_column("withdrawn_at")
