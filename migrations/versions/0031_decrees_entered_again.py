"""a signed decree that was taken back and is entered again is a row of its own"""

from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    with op.batch_alter_table("mapping_decree") as batch:
        batch.drop_constraint(op.f("uq_mapping_decree_task_force_id_number_signed_on"), type_="unique")
        batch.create_index(op.f("ix_mapping_decree_task_force_id"), ["task_force_id"])


def downgrade() -> None:
    with op.batch_alter_table("mapping_decree") as batch:
        batch.drop_index(op.f("ix_mapping_decree_task_force_id"))
        batch.create_unique_constraint(
            op.f("uq_mapping_decree_task_force_id_number_signed_on"), ["task_force_id", "number", "signed_on"]
        )
