"""rights given for a time; the texts of laws, and the checks of citations against them

What the mapping file says of an instrument (`file_checked_on`) is kept apart from what follows from
it and from the checks (`text_checked_on`).
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.create_table(
        "granted_right",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Enum("check_texts", name="right", native_enum=False, create_constraint=True), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_by_id", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_granted_right_dates_in_order")),
        sa.ForeignKeyConstraint(["grant_id"], ["access_grant.id"], name=op.f("fk_granted_right_grant_id")),
        sa.ForeignKeyConstraint(["given_by_id"], ["account.id"], name=op.f("fk_granted_right_given_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_granted_right")),
        sa.UniqueConstraint("public_id", name=op.f("uq_granted_right_public_id")),
    )
    op.create_index(op.f("ix_granted_right_grant_id"), "granted_right", ["grant_id"])
    op.create_table(
        "instrument_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("instrument_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(text IS NULL) != (file_id IS NULL)", name=op.f("ck_instrument_text_text_or_file")),
        sa.CheckConstraint("(file_id IS NULL) = (file_name IS NULL)", name=op.f("ck_instrument_text_file_has_name")),
        sa.ForeignKeyConstraint(["instrument_id"], ["legal_instrument.id"], name=op.f("fk_instrument_text_instrument_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_instrument_text_file_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["account.id"], name=op.f("fk_instrument_text_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument_text")),
        sa.UniqueConstraint("public_id", name=op.f("uq_instrument_text_public_id")),
    )
    op.create_index(op.f("ix_instrument_text_instrument_id"), "instrument_text", ["instrument_id"])
    op.create_table(
        "text_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_force_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("article", sa.String(length=200), nullable=False),
        sa.Column("instrument_id", sa.Integer(), nullable=False),
        sa.Column("instrument_text_id", sa.Integer(), nullable=True),
        sa.Column("quote", sa.Text(), nullable=True),
        sa.Column("verdict", sa.Enum("agrees", "differs", "doubtful", name="text_verdict", native_enum=False, create_constraint=True), nullable=False),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("office", sa.String(length=160), nullable=False),
        sa.Column("checked_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("verdict = 'agrees' OR remark IS NOT NULL", name=op.f("ck_text_check_says_why")),
        sa.ForeignKeyConstraint(["task_force_id"], ["task_force.id"], name=op.f("fk_text_check_task_force_id")),
        sa.ForeignKeyConstraint(["instrument_id"], ["legal_instrument.id"], name=op.f("fk_text_check_instrument_id")),
        sa.ForeignKeyConstraint(["instrument_text_id"], ["instrument_text.id"], name=op.f("fk_text_check_instrument_text_id")),
        sa.ForeignKeyConstraint(["checked_by_id"], ["account.id"], name=op.f("fk_text_check_checked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_check")),
    )
    op.create_index("ix_text_check_task_force_id_subject", "text_check", ["task_force_id", "subject"])
    op.create_index(op.f("ix_text_check_checked_by_id"), "text_check", ["checked_by_id"])
    op.add_column("legal_instrument", sa.Column("file_checked_on", sa.Date(), nullable=True))
    op.execute("UPDATE legal_instrument SET file_checked_on = text_checked_on")
    with op.batch_alter_table("citation") as batch:
        batch.add_column(sa.Column("text_check_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_citation_text_check_id"), "text_check", ["text_check_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("citation") as batch:
        batch.drop_constraint(op.f("fk_citation_text_check_id"), type_="foreignkey")
        batch.drop_column("text_check_id")
    op.execute("UPDATE legal_instrument SET text_checked_on = file_checked_on")
    op.drop_column("legal_instrument", "file_checked_on")
    op.drop_table("text_check")
    op.drop_table("instrument_text")
    op.drop_table("granted_right")
