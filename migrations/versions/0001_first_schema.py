"""first schema"""

import sqlalchemy as sa
from alembic import op


revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "access_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("task_force_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
    )
    op.create_table(
        "attempt_count",
        sa.Column("bucket", sa.String(length=120), nullable=False),
        sa.Column("window_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "window_at", name=op.f("pk_attempt_count")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("access", sa.String(length=30), nullable=False),
        sa.Column("task_force_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=80), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("request_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(
            "ix_audit_entry_subject_type_subject_id", ["subject_type", "subject_id"], unique=False
        )
        batch_op.create_index(
            "ix_audit_entry_task_force_id_id", ["task_force_id", "id"], unique=False
        )

    op.create_table(
        "audit_seal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_seal_hash")),
    )
    op.create_table(
        "backup",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup")),
    )
    op.create_table(
        "holiday",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "national",
                "joint_leave",
                name="holiday_kind",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday")),
        sa.UniqueConstraint("on", name=op.f("uq_holiday_on")),
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identity", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "job_run",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.String(length=200), nullable=False),
        sa.Column("is_ok", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_run")),
    )
    op.create_table(
        "legal_instrument",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("short", sa.String(length=80), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=True),
        sa.Column("in_force_until", sa.Date(), nullable=True),
        sa.Column("text_checked_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_instrument")),
        sa.UniqueConstraint("key", name=op.f("uq_legal_instrument_key")),
    )
    op.create_table(
        "outgoing_email",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("message_id", sa.String(length=160), nullable=False),
        sa.Column("thread", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("task_force_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("to_address", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "sending",
                "sent",
                "failed",
                "cancelled",
                name="mail_state",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_by", sa.String(length=80), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "(state = 'sending') = (lease_until IS NOT NULL)",
            name=op.f("ck_outgoing_email_lease_sending"),
        ),
        sa.CheckConstraint(
            "(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_outgoing_email_sent_has_time")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_email")),
        sa.UniqueConstraint("key", name=op.f("uq_outgoing_email_key")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outgoing_email_message_id")),
    )
    with op.batch_alter_table("outgoing_email", schema=None) as batch_op:
        batch_op.create_index("ix_outgoing_email_account_id_id", ["account_id", "id"], unique=False)
        batch_op.create_index(
            "ix_outgoing_email_state_not_before", ["state", "not_before"], unique=False
        )
        batch_op.create_index(
            "ix_outgoing_email_task_force_id_id", ["task_force_id", "id"], unique=False
        )

    op.create_table(
        "stored_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("sha256", name=op.f("uq_stored_file_sha256")),
    )
    op.create_table(
        "task_force",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("region", sa.String(length=120), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "province",
                "regency",
                "city",
                name="task_force_level",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "not_started",
                "drafting",
                "active",
                name="task_force_state",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["task_force.id"], name=op.f("fk_task_force_parent_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_force")),
        sa.UniqueConstraint("code", name=op.f("uq_task_force_code")),
    )
    with op.batch_alter_table("task_force", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_force_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "agency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_force_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("abbreviation", sa.String(length=60), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "perangkat_daerah",
                "instansi_vertikal",
                "penegak_hukum",
                "pengadilan",
                "tni",
                "lembaga",
                "masyarakat",
                name="agency_kind",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_force_id"], ["task_force.id"], name=op.f("fk_agency_task_force_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("task_force_id", "key", name=op.f("uq_agency_task_force_id_key")),
        sa.UniqueConstraint("task_force_id", "slug", name=op.f("uq_agency_task_force_id_slug")),
    )
    op.create_table(
        "amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instrument_id", sa.Integer(), nullable=False),
        sa.Column("amended_by_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["amended_by_id"], ["legal_instrument.id"], name=op.f("fk_amendment_amended_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["legal_instrument.id"], name=op.f("fk_amendment_instrument_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment")),
        sa.UniqueConstraint(
            "instrument_id", "amended_by_id", name=op.f("uq_amendment_instrument_id_amended_by_id")
        ),
    )
    op.create_table(
        "duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("task_force_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_force_id"], ["task_force.id"], name=op.f("fk_duty_task_force_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
        sa.UniqueConstraint("public_id", name=op.f("uq_duty_public_id")),
        sa.UniqueConstraint("task_force_id", "key", name=op.f("uq_duty_task_force_id_key")),
    )
    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("ran", "rad", name="plan_kind", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.Column("task_force_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft", "enacted", name="plan_status", native_enum=False, create_constraint=True
            ),
            nullable=False,
        ),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("first_year", sa.Integer(), nullable=False),
        sa.Column("last_year", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "(kind = 'rad') = (task_force_id IS NOT NULL)", name=op.f("ck_plan_rad_has_owner")
        ),
        sa.ForeignKeyConstraint(
            ["task_force_id"], ["task_force.id"], name=op.f("fk_plan_task_force_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("key", name=op.f("uq_plan_key")),
    )
    op.create_table(
        "reminder_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_force_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("emails", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_force_id"], ["task_force.id"], name=op.f("fk_reminder_run_task_force_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_run")),
        sa.UniqueConstraint("task_force_id", "on", name=op.f("uq_reminder_run_task_force_id_on")),
    )
    op.create_table(
        "reminder_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_force_id", sa.Integer(), nullable=False),
        sa.Column(
            "subject",
            sa.Enum("report", "mend", name="subject", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.Column("offset_days", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_force_id"], ["task_force.id"], name=op.f("fk_reminder_step_task_force_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_step")),
        sa.UniqueConstraint(
            "task_force_id",
            "subject",
            "offset_days",
            name=op.f("uq_reminder_step_task_force_id_subject_offset_days"),
        ),
    )
    op.create_table(
        "reporting_period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("task_force_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("periods_in_year", sa.Integer(), nullable=False),
        sa.Column("covers_from", sa.Date(), nullable=False),
        sa.Column("covers_until", sa.Date(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("mapping_version", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "closes_on >= opens_on", name=op.f("ck_reporting_period_window_in_order")
        ),
        sa.CheckConstraint(
            "covers_until >= covers_from", name=op.f("ck_reporting_period_span_in_order")
        ),
        sa.CheckConstraint(
            "opened_at IS NULL OR mapping_version IS NOT NULL",
            name=op.f("ck_reporting_period_opened_pins_mapping"),
        ),
        sa.CheckConstraint(
            "position BETWEEN 1 AND periods_in_year",
            name=op.f("ck_reporting_period_position_in_year"),
        ),
        sa.ForeignKeyConstraint(
            ["task_force_id"], ["task_force.id"], name=op.f("fk_reporting_period_task_force_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting_period")),
        sa.UniqueConstraint("public_id", name=op.f("uq_reporting_period_public_id")),
        sa.UniqueConstraint(
            "task_force_id",
            "year",
            "label",
            name=op.f("uq_reporting_period_task_force_id_year_label"),
        ),
    )
    op.create_table(
        "sealed_entry",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("seal_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["audit_entry.id"], name=op.f("fk_sealed_entry_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["seal_id"], ["audit_seal.id"], name=op.f("fk_sealed_entry_seal_id")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_sealed_entry")),
    )
    with op.batch_alter_table("sealed_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sealed_entry_seal_id"), ["seal_id"], unique=False)

    op.create_table(
        "working_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_force_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("numeral", sa.String(length=6), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("short", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_force_id"], ["task_force.id"], name=op.f("fk_working_group_task_force_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_group")),
        sa.UniqueConstraint(
            "task_force_id", "key", name=op.f("uq_working_group_task_force_id_key")
        ),
        sa.UniqueConstraint(
            "task_force_id", "position", name=op.f("uq_working_group_task_force_id_position")
        ),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("home_agency_id", sa.Integer(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["home_agency_id"], ["agency.id"], name=op.f("fk_account_home_agency_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        sa.UniqueConstraint("public_id", name=op.f("uq_account_public_id")),
    )
    op.create_table(
        "agency_alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_force_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("folded", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_agency_alias_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["task_force_id"], ["task_force.id"], name=op.f("fk_agency_alias_task_force_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_alias")),
        sa.UniqueConstraint(
            "task_force_id", "folded", name=op.f("uq_agency_alias_task_force_id_folded")
        ),
    )
    with op.batch_alter_table("agency_alias", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agency_alias_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "duty_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("working_group_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=160), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "regulation",
                "guide",
                "decree",
                "proposal",
                name="basis_status",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("source_label", sa.String(length=200), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("not_evidence", sa.JSON(), nullable=False),
        sa.Column("example", sa.Text(), nullable=True),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "status != 'proposal' OR source_label IS NOT NULL",
            name=op.f("ck_duty_revision_proposal_names_source"),
        ),
        sa.CheckConstraint(
            "until IS NULL OR until > since", name=op.f("ck_duty_revision_versions_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_duty_revision_agency_id")
        ),
        sa.ForeignKeyConstraint(["duty_id"], ["duty.id"], name=op.f("fk_duty_revision_duty_id")),
        sa.ForeignKeyConstraint(
            ["working_group_id"],
            ["working_group.id"],
            name=op.f("fk_duty_revision_working_group_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_revision")),
    )
    with op.batch_alter_table("duty_revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duty_revision_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_duty_revision_duty_id"), ["duty_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_duty_revision_working_group_id"), ["working_group_id"], unique=False
        )
        batch_op.create_index(
            "uq_duty_revision_current",
            ["duty_id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("working_group_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "lead", "member", name="membership_kind", native_enum=False, create_constraint=True
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "regulation",
                "guide",
                "decree",
                "proposal",
                name="basis_status",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("source_label", sa.String(length=200), nullable=True),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "status != 'proposal' OR source_label IS NOT NULL",
            name=op.f("ck_membership_proposal_names_source"),
        ),
        sa.CheckConstraint(
            "until IS NULL OR until > since", name=op.f("ck_membership_versions_in_order")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_membership_agency_id")),
        sa.ForeignKeyConstraint(
            ["working_group_id"], ["working_group.id"], name=op.f("fk_membership_working_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(
            "uq_membership_current",
            ["working_group_id", "agency_id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.create_index(
            "uq_membership_one_lead",
            ["working_group_id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL AND kind = 'lead'"),
            postgresql_where=sa.text("until IS NULL AND kind = 'lead'"),
        )

    op.create_table(
        "strategy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_strategy_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strategy")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_strategy_plan_id_number")),
    )
    op.create_table(
        "access_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
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
        sa.Column("task_force_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("is_alternate", sa.Boolean(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(kind IN ('focal_point', 'agency_head')) = (agency_id IS NOT NULL)",
            name=op.f("ck_access_grant_agency_for_agency_kinds"),
        ),
        sa.CheckConstraint(
            "kind = 'administrator' OR task_force_id IS NOT NULL",
            name=op.f("ck_access_grant_task_force_given"),
        ),
        sa.CheckConstraint(
            "until_on IS NULL OR until_on >= from_on", name=op.f("ck_access_grant_dates_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_access_grant_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_access_grant_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["task_force_id"], ["task_force.id"], name=op.f("fk_access_grant_task_force_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_grant")),
    )
    with op.batch_alter_table("access_grant", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_access_grant_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index("ix_access_grant_agency_id_kind", ["agency_id", "kind"], unique=False)
        batch_op.create_index(
            "ix_access_grant_task_force_id_kind", ["task_force_id", "kind"], unique=False
        )

    op.create_table(
        "action_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("strategy_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("working_group_key", sa.String(length=60), nullable=False),
        sa.Column("tag", sa.String(length=20), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_action_item_plan_id")),
        sa.ForeignKeyConstraint(
            ["strategy_id"], ["strategy.id"], name=op.f("fk_action_item_strategy_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_item")),
        sa.UniqueConstraint("plan_id", "code", name=op.f("uq_action_item_plan_id_code")),
        sa.UniqueConstraint("plan_id", "key", name=op.f("uq_action_item_plan_id_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_action_item_public_id")),
    )
    with op.batch_alter_table("action_item", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_action_item_strategy_id"), ["strategy_id"], unique=False
        )

    op.create_table(
        "citation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("duty_revision_id", sa.Integer(), nullable=True),
        sa.Column("membership_id", sa.Integer(), nullable=True),
        sa.Column("instrument_id", sa.Integer(), nullable=False),
        sa.Column("article", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("text_checked_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(duty_revision_id IS NULL) != (membership_id IS NULL)",
            name=op.f("ck_citation_one_subject"),
        ),
        sa.ForeignKeyConstraint(
            ["duty_revision_id"], ["duty_revision.id"], name=op.f("fk_citation_duty_revision_id")
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["legal_instrument.id"], name=op.f("fk_citation_instrument_id")
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_citation_membership_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citation")),
    )
    with op.batch_alter_table("citation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_citation_duty_revision_id"), ["duty_revision_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_citation_membership_id"), ["membership_id"], unique=False
        )

    op.create_table(
        "duty_response",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("duty_revision_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "accepted",
                "needs_explanation",
                "not_ours",
                name="answer",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("suggested_agency_id", sa.Integer(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "answer = 'accepted' OR reason IS NOT NULL", name=op.f("ck_duty_response_reason_given")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_duty_response_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["account.id"], name=op.f("fk_duty_response_answered_by_id")
        ),
        sa.ForeignKeyConstraint(["duty_id"], ["duty.id"], name=op.f("fk_duty_response_duty_id")),
        sa.ForeignKeyConstraint(
            ["duty_revision_id"],
            ["duty_revision.id"],
            name=op.f("fk_duty_response_duty_revision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["suggested_agency_id"],
            ["agency.id"],
            name=op.f("fk_duty_response_suggested_agency_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_response")),
    )
    with op.batch_alter_table("duty_response", schema=None) as batch_op:
        batch_op.create_index(
            "ix_duty_response_duty_id_agency_id_id", ["duty_id", "agency_id", "id"], unique=False
        )

    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("task_force_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("metadata_removed", sa.Boolean(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "check_state",
            sa.Enum(
                "waiting",
                "clean",
                "refused",
                name="check_state",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(check_state = 'waiting') = (checked_at IS NULL)",
            name=op.f("ck_evidence_checked_has_time"),
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_evidence_agency_id")),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["account.id"], name=op.f("fk_evidence_checked_by_id")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_evidence_file_id")),
        sa.ForeignKeyConstraint(
            ["task_force_id"], ["task_force.id"], name=op.f("fk_evidence_task_force_id")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["account.id"], name=op.f("fk_evidence_uploaded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("public_id", name=op.f("uq_evidence_public_id")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_file_id"), ["file_id"], unique=False)

    op.create_table(
        "extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_extension_agency_id")),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["account.id"], name=op.f("fk_extension_granted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["reporting_period.id"], name=op.f("fk_extension_period_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
        sa.UniqueConstraint(
            "period_id", "agency_id", name=op.f("uq_extension_period_id_agency_id")
        ),
    )
    op.create_table(
        "mapping_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_force_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_mapping_version_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["task_force_id"], ["task_force.id"], name=op.f("fk_mapping_version_task_force_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mapping_version")),
        sa.UniqueConstraint(
            "task_force_id", "number", name=op.f("uq_mapping_version_task_force_id_number")
        ),
    )
    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "invitation",
                "reset",
                name="link_purpose",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_one_time_link_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("public_id", name=op.f("uq_one_time_link_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_link_token_hash")),
    )
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_one_time_link_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "action_duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_item_id", sa.Integer(), nullable=False),
        sa.Column("duty_key", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_item_id"], ["action_item.id"], name=op.f("fk_action_duty_action_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_duty")),
        sa.UniqueConstraint(
            "action_item_id", "duty_key", name=op.f("uq_action_duty_action_item_id_duty_key")
        ),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("form_key", sa.String(length=40), nullable=True),
        sa.Column("task_force_id", sa.Integer(), nullable=False),
        sa.Column("action_item_id", sa.Integer(), nullable=False),
        sa.Column("working_group_id", sa.Integer(), nullable=False),
        sa.Column(
            "basis_kind",
            sa.Enum(
                "letter", "meeting", name="basis_kind", native_enum=False, create_constraint=True
            ),
            nullable=False,
        ),
        sa.Column("basis_reference", sa.String(length=160), nullable=False),
        sa.Column("basis_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("assigned_by_id", sa.Integer(), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_reason IS NULL)",
            name=op.f("ck_assignment_closed_has_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["action_item_id"], ["action_item.id"], name=op.f("fk_assignment_action_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["assigned_by_id"], ["account.id"], name=op.f("fk_assignment_assigned_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["task_force_id"], ["task_force.id"], name=op.f("fk_assignment_task_force_id")
        ),
        sa.ForeignKeyConstraint(
            ["working_group_id"], ["working_group.id"], name=op.f("fk_assignment_working_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("form_key", name=op.f("uq_assignment_form_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_assignment_public_id")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(
            "uq_assignment_open_item",
            ["task_force_id", "action_item_id"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "candidate_party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_item_id", sa.Integer(), nullable=False),
        sa.Column("agency_key", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "lead", "support", name="party_kind", native_enum=False, create_constraint=True
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["action_item_id"], ["action_item.id"], name=op.f("fk_candidate_party_action_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate_party")),
        sa.UniqueConstraint(
            "action_item_id",
            "agency_key",
            name=op.f("uq_candidate_party_action_item_id_agency_key"),
        ),
    )
    op.create_table(
        "indicator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_item_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "number",
                "percent",
                "yes_no",
                "milestone",
                name="indicator_kind",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column(
            "better",
            sa.Enum("up", "down", name="better", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.Column(
            "accumulation",
            sa.Enum(
                "cumulative",
                "per_period",
                name="accumulation",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["action_item_id"], ["action_item.id"], name=op.f("fk_indicator_action_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
        sa.UniqueConstraint("action_item_id", "key", name=op.f("uq_indicator_action_item_id_key")),
    )
    op.create_table(
        "user_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_user_session_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["access_grant.id"], name=op.f("fk_user_session_grant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("public_id", name=op.f("uq_user_session_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_session_token_hash")),
    )
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_user_session_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "assignment_party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "lead", "support", name="party_kind", native_enum=False, create_constraint=True
            ),
            nullable=False,
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_assignment_party_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_assignment_party_assignment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_party")),
    )
    with op.batch_alter_table("assignment_party", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_assignment_party_agency_id"), ["agency_id"], unique=False
        )
        batch_op.create_index(
            "uq_assignment_party_agency",
            ["assignment_id", "agency_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index(
            "uq_assignment_party_one_lead",
            ["assignment_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL AND kind = 'lead'"),
            postgresql_where=sa.text("ended_at IS NULL AND kind = 'lead'"),
        )

    op.create_table(
        "assignment_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=True),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_assignment_target_assignment_id")
        ),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicator.id"], name=op.f("fk_assignment_target_indicator_id")
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["reporting_period.id"], name=op.f("fk_assignment_target_period_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_target")),
    )
    with op.batch_alter_table("assignment_target", schema=None) as batch_op:
        batch_op.create_index(
            "uq_assignment_target_period",
            ["assignment_id", "indicator_id", "period_id"],
            unique=True,
            sqlite_where=sa.text("period_id IS NOT NULL"),
            postgresql_where=sa.text("period_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_assignment_target_year",
            ["assignment_id", "indicator_id", "year"],
            unique=True,
            sqlite_where=sa.text("period_id IS NULL"),
            postgresql_where=sa.text("period_id IS NULL"),
        )

    op.create_table(
        "target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicator.id"], name=op.f("fk_target_indicator_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint("indicator_id", "year", name=op.f("uq_target_indicator_id_year")),
    )
    op.create_table(
        "obligation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("task_force_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("working_group_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "ended_as",
            sa.Enum(
                "transferred",
                "closed",
                name="obligation_end",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=True,
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(ended_as IS NULL) = (ended_at IS NULL)", name=op.f("ck_obligation_end_has_time")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_obligation_agency_id")),
        sa.ForeignKeyConstraint(
            ["party_id"], ["assignment_party.id"], name=op.f("fk_obligation_party_id")
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["reporting_period.id"], name=op.f("fk_obligation_period_id")
        ),
        sa.ForeignKeyConstraint(
            ["task_force_id"], ["task_force.id"], name=op.f("fk_obligation_task_force_id")
        ),
        sa.ForeignKeyConstraint(
            ["working_group_id"], ["working_group.id"], name=op.f("fk_obligation_working_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obligation")),
        sa.UniqueConstraint("party_id", "period_id", name=op.f("uq_obligation_party_id_period_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_obligation_public_id")),
    )
    with op.batch_alter_table("obligation", schema=None) as batch_op:
        batch_op.create_index(
            "ix_obligation_agency_id_period_id", ["agency_id", "period_id"], unique=False
        )
        batch_op.create_index(
            "ix_obligation_period_id_agency_id", ["period_id", "agency_id"], unique=False
        )

    op.create_table(
        "party_duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["duty_id"], ["duty.id"], name=op.f("fk_party_duty_duty_id")),
        sa.ForeignKeyConstraint(
            ["party_id"], ["assignment_party.id"], name=op.f("fk_party_duty_party_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_duty")),
        sa.UniqueConstraint("party_id", "duty_id", name=op.f("uq_party_duty_party_id_duty_id")),
    )
    with op.batch_alter_table("party_duty", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_party_duty_duty_id"), ["duty_id"], unique=False)

    op.create_table(
        "reminder_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column(
            "subject",
            sa.Enum("report", "mend", name="subject", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("offset_days", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "sent", "skipped", name="notice_outcome", native_enum=False, create_constraint=True
            ),
            nullable=False,
        ),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("email_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_reminder_notice_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["email_id"], ["outgoing_email.id"], name=op.f("fk_reminder_notice_email_id")
        ),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligation.id"], name=op.f("fk_reminder_notice_obligation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_notice")),
        sa.UniqueConstraint(
            "obligation_id",
            "subject",
            "due_on",
            "offset_days",
            "account_id",
            name=op.f("uq_reminder_notice_obligation_id_subject_due_on_offset_days_account_id"),
        ),
    )
    with op.batch_alter_table("reminder_notice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reminder_notice_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "awaiting_head",
                "submitted",
                "returned",
                "verified",
                name="report_state",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "achievement",
                "nil",
                "blocked",
                name="report_kind",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=True,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=False),
        sa.Column("first_submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mend_by_on", sa.Date(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'returned') = (mend_by_on IS NOT NULL)",
            name=op.f("ck_report_returned_has_mend_by"),
        ),
        sa.CheckConstraint(
            "(state = 'verified') = (verified_at IS NOT NULL)",
            name=op.f("ck_report_verified_has_time"),
        ),
        sa.CheckConstraint(
            "(state = 'verified') = (verified_by_id IS NOT NULL)",
            name=op.f("ck_report_verified_has_verifier"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'awaiting_head') OR first_submitted_at IS NOT NULL",
            name=op.f("ck_report_submitted_has_time"),
        ),
        sa.CheckConstraint(
            "(kind IS NULL) = (first_submitted_at IS NULL)",
            name=op.f("ck_report_submitted_has_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligation.id"], name=op.f("fk_report_obligation_id")
        ),
        sa.ForeignKeyConstraint(
            ["saved_by_id"], ["account.id"], name=op.f("fk_report_saved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["verified_by_id"], ["account.id"], name=op.f("fk_report_verified_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("number", name=op.f("uq_report_number")),
        sa.UniqueConstraint("obligation_id", name=op.f("uq_report_obligation_id")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index(
            "ix_report_obligation_id_state", ["obligation_id", "state"], unique=False
        )
        batch_op.create_index("ix_report_state_id", ["state", "id"], unique=False)

    op.create_table(
        "draft_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_draft_evidence_evidence_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_draft_evidence_report_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_evidence")),
        sa.UniqueConstraint(
            "report_id", "evidence_id", name=op.f("uq_draft_evidence_report_id_evidence_id")
        ),
    )
    op.create_table(
        "report_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("form_key", sa.String(length=40), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "achievement",
                "nil",
                "blocked",
                name="report_kind",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("nil_reason", sa.Text(), nullable=True),
        sa.Column("blocked_by", sa.Text(), nullable=True),
        sa.Column("contribution", sa.BigInteger(), nullable=True),
        sa.Column(
            "via",
            sa.Enum(
                "screen",
                "mail_link",
                "on_behalf",
                name="submitted_via",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind != 'blocked' OR blocked_by IS NOT NULL",
            name=op.f("ck_report_revision_blocked_by_whom"),
        ),
        sa.CheckConstraint(
            "kind != 'nil' OR nil_reason IS NOT NULL",
            name=op.f("ck_report_revision_nil_has_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_report_revision_report_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["account.id"], name=op.f("fk_report_revision_submitted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_revision")),
        sa.UniqueConstraint("form_key", name=op.f("uq_report_revision_form_key")),
        sa.UniqueConstraint(
            "report_id", "number", name=op.f("uq_report_revision_report_id_number")
        ),
    )
    op.create_table(
        "indicator_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicator.id"], name=op.f("fk_indicator_value_indicator_id")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["report_revision.id"], name=op.f("fk_indicator_value_revision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_value")),
        sa.UniqueConstraint(
            "revision_id", "indicator_id", name=op.f("uq_indicator_value_revision_id_indicator_id")
        ),
    )
    op.create_table(
        "revision_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_revision_evidence_evidence_id")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["report_revision.id"], name=op.f("fk_revision_evidence_revision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision_evidence")),
        sa.UniqueConstraint(
            "revision_id", "evidence_id", name=op.f("uq_revision_evidence_revision_id_evidence_id")
        ),
    )
    with op.batch_alter_table("revision_evidence", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_revision_evidence_evidence_id"), ["evidence_id"], unique=False
        )

    op.create_table(
        "verification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "verified", "returned", name="verdict", native_enum=False, create_constraint=True
            ),
            nullable=False,
        ),
        sa.Column("verifier_id", sa.Integer(), nullable=False),
        sa.Column("verifier_home_agency_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "return_reason",
            sa.Enum(
                "evidence_missing",
                "evidence_undated",
                "evidence_mismatch",
                "figure_unclear",
                "identity_visible",
                "other",
                name="return_reason",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=True,
        ),
        sa.Column(
            "shortfall_reason",
            sa.Enum(
                "no_dated_report",
                "evidence_covers_less",
                "counted_twice",
                "outside_period",
                "other",
                name="shortfall_reason",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=True,
        ),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("mend_by_on", sa.Date(), nullable=True),
        sa.Column("identity_checked", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(verdict = 'returned') = (mend_by_on IS NOT NULL)",
            name=op.f("ck_verification_returned_has_mend_by"),
        ),
        sa.CheckConstraint(
            "(verdict = 'returned') = (return_reason IS NOT NULL)",
            name=op.f("ck_verification_returned_has_reason"),
        ),
        sa.CheckConstraint(
            "verdict != 'verified' OR identity_checked",
            name=op.f("ck_verification_identity_checked_to_verify"),
        ),
        sa.CheckConstraint(
            "verifier_home_agency_id IS NULL OR verifier_home_agency_id != agency_id",
            name=op.f("ck_verification_not_own_agency"),
        ),
        sa.CheckConstraint(
            "verifier_id != submitted_by_id", name=op.f("ck_verification_not_own_report")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_verification_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["report_revision.id"], name=op.f("fk_verification_revision_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["account.id"], name=op.f("fk_verification_submitted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["verifier_home_agency_id"],
            ["agency.id"],
            name=op.f("fk_verification_verifier_home_agency_id"),
        ),
        sa.ForeignKeyConstraint(
            ["verifier_id"], ["account.id"], name=op.f("fk_verification_verifier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification")),
        sa.UniqueConstraint("revision_id", name=op.f("uq_verification_revision_id")),
    )
    op.create_table(
        "verified_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("verification_id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicator.id"], name=op.f("fk_verified_value_indicator_id")
        ),
        sa.ForeignKeyConstraint(
            ["verification_id"], ["verification.id"], name=op.f("fk_verified_value_verification_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verified_value")),
        sa.UniqueConstraint(
            "verification_id",
            "indicator_id",
            name=op.f("uq_verified_value_verification_id_indicator_id"),
        ),
    )


def downgrade() -> None:
    op.drop_table("verified_value")
    op.drop_table("verification")
    with op.batch_alter_table("revision_evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_revision_evidence_evidence_id"))

    op.drop_table("revision_evidence")
    op.drop_table("indicator_value")
    op.drop_table("report_revision")
    op.drop_table("draft_evidence")
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_index("ix_report_state_id")
        batch_op.drop_index("ix_report_obligation_id_state")

    op.drop_table("report")
    with op.batch_alter_table("reminder_notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reminder_notice_account_id"))

    op.drop_table("reminder_notice")
    with op.batch_alter_table("party_duty", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_party_duty_duty_id"))

    op.drop_table("party_duty")
    with op.batch_alter_table("obligation", schema=None) as batch_op:
        batch_op.drop_index("ix_obligation_period_id_agency_id")
        batch_op.drop_index("ix_obligation_agency_id_period_id")

    op.drop_table("obligation")
    op.drop_table("target")
    with op.batch_alter_table("assignment_target", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_assignment_target_year",
            sqlite_where=sa.text("period_id IS NULL"),
            postgresql_where=sa.text("period_id IS NULL"),
        )
        batch_op.drop_index(
            "uq_assignment_target_period",
            sqlite_where=sa.text("period_id IS NOT NULL"),
            postgresql_where=sa.text("period_id IS NOT NULL"),
        )

    op.drop_table("assignment_target")
    with op.batch_alter_table("assignment_party", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_assignment_party_one_lead",
            sqlite_where=sa.text("ended_at IS NULL AND kind = 'lead'"),
            postgresql_where=sa.text("ended_at IS NULL AND kind = 'lead'"),
        )
        batch_op.drop_index(
            "uq_assignment_party_agency",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_assignment_party_agency_id"))

    op.drop_table("assignment_party")
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_session_account_id"))

    op.drop_table("user_session")
    op.drop_table("indicator")
    op.drop_table("candidate_party")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_assignment_open_item",
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.drop_table("assignment")
    op.drop_table("action_duty")
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_one_time_link_account_id"))

    op.drop_table("one_time_link")
    op.drop_table("mapping_version")
    op.drop_table("extension")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_file_id"))

    op.drop_table("evidence")
    with op.batch_alter_table("duty_response", schema=None) as batch_op:
        batch_op.drop_index("ix_duty_response_duty_id_agency_id_id")

    op.drop_table("duty_response")
    with op.batch_alter_table("citation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_citation_membership_id"))
        batch_op.drop_index(batch_op.f("ix_citation_duty_revision_id"))

    op.drop_table("citation")
    with op.batch_alter_table("action_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_item_strategy_id"))

    op.drop_table("action_item")
    with op.batch_alter_table("access_grant", schema=None) as batch_op:
        batch_op.drop_index("ix_access_grant_task_force_id_kind")
        batch_op.drop_index("ix_access_grant_agency_id_kind")
        batch_op.drop_index(batch_op.f("ix_access_grant_account_id"))

    op.drop_table("access_grant")
    op.drop_table("strategy")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_membership_one_lead",
            sqlite_where=sa.text("until IS NULL AND kind = 'lead'"),
            postgresql_where=sa.text("until IS NULL AND kind = 'lead'"),
        )
        batch_op.drop_index(
            "uq_membership_current",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_membership_agency_id"))

    op.drop_table("membership")
    with op.batch_alter_table("duty_revision", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_duty_revision_current",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_duty_revision_working_group_id"))
        batch_op.drop_index(batch_op.f("ix_duty_revision_duty_id"))
        batch_op.drop_index(batch_op.f("ix_duty_revision_agency_id"))

    op.drop_table("duty_revision")
    with op.batch_alter_table("agency_alias", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agency_alias_agency_id"))

    op.drop_table("agency_alias")
    op.drop_table("account")
    op.drop_table("working_group")
    with op.batch_alter_table("sealed_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sealed_entry_seal_id"))

    op.drop_table("sealed_entry")
    op.drop_table("reporting_period")
    op.drop_table("reminder_step")
    op.drop_table("reminder_run")
    op.drop_table("plan")
    op.drop_table("duty")
    op.drop_table("amendment")
    op.drop_table("agency")
    with op.batch_alter_table("task_force", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_task_force_parent_id"))

    op.drop_table("task_force")
    op.drop_table("stored_file")
    with op.batch_alter_table("outgoing_email", schema=None) as batch_op:
        batch_op.drop_index("ix_outgoing_email_task_force_id_id")
        batch_op.drop_index("ix_outgoing_email_state_not_before")
        batch_op.drop_index("ix_outgoing_email_account_id_id")

    op.drop_table("outgoing_email")
    op.drop_table("legal_instrument")
    op.drop_table("job_run")
    op.drop_table("installation")
    op.drop_table("holiday")
    op.drop_table("backup")
    op.drop_table("audit_seal")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entry_task_force_id_id")
        batch_op.drop_index("ix_audit_entry_subject_type_subject_id")

    op.drop_table("audit_entry")
    op.drop_table("attempt_count")
    op.drop_table("access_log")
