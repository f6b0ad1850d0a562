"""reports: links in mails, on behalf, approval"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

INSTANT = sa.DateTime(timezone=True)


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True)


def upgrade() -> None:
    op.create_table(
        "reporting_settings",
        sa.Column("task_force_id", sa.Integer(), nullable=False),
        sa.Column("mail_links", sa.Boolean(), nullable=False),
        sa.Column("no_links_for", sa.JSON(), nullable=False),
        sa.Column("link_grace_days", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "link_grace_days BETWEEN 0 AND 90",
            name=op.f("ck_reporting_settings_grace_within_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["task_force_id"], ["task_force.id"], name=op.f("fk_reporting_settings_task_force_id")
        ),
        sa.PrimaryKeyConstraint("task_force_id", name=op.f("pk_reporting_settings")),
    )
    op.create_table(
        "agency_reporting",
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("head_approves", sa.Boolean(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_agency_reporting_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["account.id"], name=op.f("fk_agency_reporting_changed_by_id")
        ),
        sa.PrimaryKeyConstraint("agency_id", name=op.f("pk_agency_reporting")),
    )
    op.create_table(
        "report_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", _enum("link_purpose", "report", "confirm"), nullable=False),
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["access_grant.id"], name=op.f("fk_report_link_grant_id")
        ),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligation.id"], name=op.f("fk_report_link_obligation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_link")),
        sa.UniqueConstraint(
            "obligation_id",
            "grant_id",
            "purpose",
            "round",
            name=op.f("uq_report_link_obligation_id_grant_id_purpose_round"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_report_link_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_report_link_token_hash")),
    )
    op.create_index(op.f("ix_report_link_grant_id"), "report_link", ["grant_id"], unique=False)
    op.create_table(
        "head_approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("form_key", sa.String(length=40), nullable=False),
        sa.Column(
            "via", _enum("submitted_via", "screen", "mail_link", "on_behalf"), nullable=False
        ),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("is_approved", sa.Boolean(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL)",
            name=op.f("ck_head_approval_decision_has_person"),
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (is_approved IS NULL)",
            name=op.f("ck_head_approval_decision_has_time"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["account.id"], name=op.f("fk_head_approval_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_head_approval_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_head_approval_report_id")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["report_revision.id"], name=op.f("fk_head_approval_revision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_head_approval")),
        sa.UniqueConstraint("form_key", name=op.f("uq_head_approval_form_key")),
        sa.UniqueConstraint("revision_id", name=op.f("uq_head_approval_revision_id")),
    )
    op.create_index(
        op.f("ix_head_approval_report_id"), "head_approval", ["report_id"], unique=False
    )
    op.create_index(
        "uq_head_approval_waiting",
        "head_approval",
        ["report_id"],
        unique=True,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_table(
        "paper_report",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("scan_id", sa.Integer(), nullable=False),
        sa.Column("answer", _enum("agency_answer", "confirmed", "objected"), nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("by_link", sa.Boolean(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_paper_report_answer_has_time")
        ),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_by_id IS NULL)",
            name=op.f("ck_paper_report_answer_has_person"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["account.id"], name=op.f("fk_paper_report_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["report_revision.id"], name=op.f("fk_paper_report_revision_id")
        ),
        sa.ForeignKeyConstraint(["scan_id"], ["evidence.id"], name=op.f("fk_paper_report_scan_id")),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_paper_report")),
    )
    op.create_table(
        "revision_opening",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["account.id"], name=op.f("fk_revision_opening_opened_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["report_revision.id"], name=op.f("fk_revision_opening_revision_id")
        ),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_revision_opening")),
    )
    op.create_table(
        "withdrawal",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=False),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=False),
        sa.Column("is_objection", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["report_revision.id"], name=op.f("fk_withdrawal_revision_id")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["account.id"], name=op.f("fk_withdrawal_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_withdrawal")),
    )
    # A plain column: the table has triggers, which would be lost by creating it again on SQLite.
    op.add_column("report_revision", sa.Column("held_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("report_revision", "held_on")
    op.drop_table("withdrawal")
    op.drop_table("revision_opening")
    op.drop_table("paper_report")
    op.drop_index(
        "uq_head_approval_waiting",
        table_name="head_approval",
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.drop_index(op.f("ix_head_approval_report_id"), table_name="head_approval")
    op.drop_table("head_approval")
    op.drop_index(op.f("ix_report_link_grant_id"), table_name="report_link")
    op.drop_table("report_link")
    op.drop_table("agency_reporting")
    op.drop_table("reporting_settings")
