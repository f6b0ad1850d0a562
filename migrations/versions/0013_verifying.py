"""threads, decisions asked for, the sample"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

# Words, draws and findings are added to, never changed. They may leave with a demo.
APPEND_ONLY = ("report_comment", "sample_draw", "sampled_report", "sample_finding")


def upgrade() -> None:
    op.create_table(
        "sample_draw",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("task_force_id", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("population", sa.Text(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "percent BETWEEN 1 AND 100", name=op.f("ck_sample_draw_percent_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["drawn_by_id"], ["account.id"], name=op.f("fk_sample_draw_drawn_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["reporting_period.id"], name=op.f("fk_sample_draw_period_id")
        ),
        sa.ForeignKeyConstraint(
            ["task_force_id"], ["task_force.id"], name=op.f("fk_sample_draw_task_force_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_draw")),
        sa.UniqueConstraint("period_id", name=op.f("uq_sample_draw_period_id")),
    )
    op.create_table(
        "report_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column(
            "written_as",
            sa.Enum(
                "secretariat",
                "focal_point",
                "agency_head",
                "leadership",
                "auditor",
                "administrator",
                name="access_kind",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("form_key", sa.String(length=40), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_report_comment_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_report_comment_report_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_comment")),
        sa.UniqueConstraint("form_key", name=op.f("uq_report_comment_form_key")),
    )
    with op.batch_alter_table("report_comment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_report_comment_report_id"), ["report_id"], unique=False
        )

    op.create_table(
        "decision_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("task_force_id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "decided",
                "withdrawn",
                name="decision_state",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_of", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("concerned_agency_id", sa.Integer(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("noted_by_id", sa.Integer(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'decided') = (decided_at IS NOT NULL)",
            name=op.f("ck_decision_request_decided_time"),
        ),
        sa.CheckConstraint(
            "(state = 'decided') = (decided_by_id IS NOT NULL)",
            name=op.f("ck_decision_request_decided_by_whom"),
        ),
        sa.CheckConstraint(
            "(state = 'decided') = (decided_on IS NOT NULL)",
            name=op.f("ck_decision_request_decided_day"),
        ),
        sa.CheckConstraint(
            "(state = 'decided') = (decision IS NOT NULL)",
            name=op.f("ck_decision_request_decided_text"),
        ),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)",
            name=op.f("ck_decision_request_withdrawn_time"),
        ),
        sa.CheckConstraint(
            "(note IS NULL) = (noted_at IS NULL)", name=op.f("ck_decision_request_noted_time")
        ),
        sa.ForeignKeyConstraint(
            ["concerned_agency_id"],
            ["agency.id"],
            name=op.f("fk_decision_request_concerned_agency_id"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_decision_request_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["account.id"], name=op.f("fk_decision_request_noted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_decision_request_report_id")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["report_revision.id"], name=op.f("fk_decision_request_revision_id")
        ),
        sa.ForeignKeyConstraint(
            ["task_force_id"], ["task_force.id"], name=op.f("fk_decision_request_task_force_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_request")),
        sa.UniqueConstraint("public_id", name=op.f("uq_decision_request_public_id")),
    )
    with op.batch_alter_table("decision_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_decision_request_report_id"), ["report_id"], unique=False
        )
        batch_op.create_index(
            "ix_decision_request_task_force_id_state", ["task_force_id", "state"], unique=False
        )
        batch_op.create_index(
            "uq_decision_request_open",
            ["report_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "report_mention",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column(
            "addressee",
            sa.Enum(
                "focal_point",
                "secretariat",
                name="addressee",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["report_comment.id"], name=op.f("fk_report_mention_comment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_mention")),
        sa.UniqueConstraint(
            "comment_id", "addressee", name=op.f("uq_report_mention_comment_id_addressee")
        ),
    )
    op.create_table(
        "sampled_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["sample_draw.id"], name=op.f("fk_sampled_report_draw_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_sampled_report_report_id")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["report_revision.id"], name=op.f("fk_sampled_report_revision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sampled_report")),
        sa.UniqueConstraint(
            "draw_id", "report_id", name=op.f("uq_sampled_report_draw_id_report_id")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_sampled_report_public_id")),
    )
    op.create_table(
        "sample_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sampled_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "conforms",
                "finding",
                name="finding_kind",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sampled_id"], ["sampled_report.id"], name=op.f("fk_sample_finding_sampled_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["account.id"], name=op.f("fk_sample_finding_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_finding")),
    )
    with op.batch_alter_table("sample_finding", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sample_finding_sampled_id"), ["sampled_id"], unique=False
        )

    with op.batch_alter_table("verification", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("reopened_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("reopen_reason", sa.Text(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_verification_reopened_by_id"), "account", ["reopened_by_id"], ["id"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_verification_only_verified_reopens"),
            "reopened_at IS NULL OR verdict = 'verified'",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_verification_reopened_has_reason"),
            "(reopened_at IS NULL) = (reopen_reason IS NULL)",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_verification_reopened_by_whom"),
            "(reopened_at IS NULL) = (reopened_by_id IS NULL)",
        )

    is_postgres = op.get_bind().dialect.name == "postgresql"
    for table in APPEND_ONLY:
        if is_postgres:
            op.execute(
                f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def downgrade() -> None:
    is_postgres = op.get_bind().dialect.name == "postgresql"
    for table in APPEND_ONLY:
        op.execute(f"DROP TRIGGER {table}_no_update" + (f" ON {table}" if is_postgres else ""))
    with op.batch_alter_table("verification", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_verification_only_verified_reopens"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_verification_reopened_has_reason"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_verification_reopened_by_whom"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_verification_reopened_by_id"), type_="foreignkey")
        batch_op.drop_column("reopen_reason")
        batch_op.drop_column("reopened_by_id")
        batch_op.drop_column("reopened_at")

    with op.batch_alter_table("sample_finding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sample_finding_sampled_id"))

    op.drop_table("sample_finding")
    op.drop_table("sampled_report")
    op.drop_table("report_mention")
    with op.batch_alter_table("decision_request", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_decision_request_open",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.drop_index("ix_decision_request_task_force_id_state")
        batch_op.drop_index(batch_op.f("ix_decision_request_report_id"))

    op.drop_table("decision_request")
    with op.batch_alter_table("report_comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_comment_report_id"))

    op.drop_table("report_comment")
    op.drop_table("sample_draw")
