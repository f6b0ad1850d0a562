"""steps of the ladder for the head and the leadership, and reports that a contact was about"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"

AUDIENCES = ("contacts", "head", "leadership")


def upgrade() -> None:
    with op.batch_alter_table("reminder_step") as batch:
        batch.add_column(
            sa.Column(
                "audience",
                sa.Enum(*AUDIENCES, name="audience", native_enum=False, create_constraint=True),
                nullable=False,
                server_default="contacts",
            )
        )
        batch.add_column(sa.Column("since", sa.Date(), nullable=True))
    with op.batch_alter_table("reminder_step") as batch:
        batch.alter_column("audience", server_default=None)
    op.create_table(
        "hand_notice",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column(
            "subject",
            sa.Enum("report", "mend", name="subject", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["contact_note.id"], name=op.f("fk_hand_notice_note_id")),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligation.id"], name=op.f("fk_hand_notice_obligation_id")),
        sa.PrimaryKeyConstraint("note_id", "obligation_id", name=op.f("pk_hand_notice")),
    )
    op.create_index(op.f("ix_hand_notice_obligation_id"), "hand_notice", ["obligation_id"])
    # What is late already does not go up on the day of the update: steps count from today.
    for audience, offset in (("head", 7), ("leadership", 14)):
        op.execute(
            sa.text(
                "INSERT INTO reminder_step (task_force_id, subject, offset_days, audience, since) "
                "SELECT DISTINCT task_force_id, subject, :offset, :audience, CURRENT_DATE "
                "FROM reminder_step AS mine WHERE audience = 'contacts' AND NOT EXISTS (SELECT 1 FROM reminder_step AS other "
                "WHERE other.task_force_id = mine.task_force_id AND other.subject = mine.subject AND other.offset_days = :offset)"
            ).bindparams(offset=offset, audience=audience)
        )


def downgrade() -> None:
    op.drop_table("hand_notice")
    op.execute("DELETE FROM reminder_step WHERE audience <> 'contacts'")
    with op.batch_alter_table("reminder_step") as batch:
        batch.drop_constraint(op.f("ck_reminder_step_audience"), type_="check")
        batch.drop_column("since")
        batch.drop_column("audience")
