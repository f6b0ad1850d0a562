"""the mapping that came with the program, so that a newer one can be offered to a province that
edited its own; and what an indicator is by law at least"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

# How the first version was called since there are versions.
FIRST = "Pemetaan awal dari berkas bawaan"


def upgrade() -> None:
    op.create_table(
        "bundled_mapping",
        sa.Column("task_force_id", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Text(), nullable=False),
        sa.Column("offered", sa.Text(), nullable=True),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_force_id"],
            ["task_force.id"],
            name=op.f("fk_bundled_mapping_task_force_id_task_force"),
        ),
        sa.PrimaryKeyConstraint("task_force_id", name=op.f("pk_bundled_mapping")),
    )
    op.execute(
        sa.text(
            "INSERT INTO bundled_mapping (task_force_id, taken, offered, file_hash) "
            "SELECT v.task_force_id, d.content, NULL, '' FROM mapping_version v "
            "JOIN mapping_document d ON d.mapping_version_id = v.id "
            "WHERE v.number = 1 AND v.reason = :first"
        ).bindparams(first=FIRST)
    )
    with op.batch_alter_table("indicator") as table:
        table.add_column(sa.Column("legal_floor", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("legal_article", sa.Text(), nullable=True))
        table.create_check_constraint(
            op.f("ck_indicator_floor_has_article"),
            "(legal_floor IS NULL) = (legal_article IS NULL)",
        )


def downgrade() -> None:
    with op.batch_alter_table("indicator") as table:
        table.drop_constraint(op.f("ck_indicator_floor_has_article"), type_="check")
        table.drop_column("legal_article")
        table.drop_column("legal_floor")
    op.drop_table("bundled_mapping")
