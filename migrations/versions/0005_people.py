"""people: appointments, contact log, list import, handovers, bounces, known devices"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

STANDINGS = "'definitif', 'plt', 'plh'"


def _id(table: str) -> tuple[sa.Column, sa.PrimaryKeyConstraint]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _foreign_key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True)


def upgrade() -> None:
    op.add_column("account", sa.Column("contact_email", sa.String(length=254), nullable=True))
    op.add_column("account", sa.Column("telephone", sa.String(length=40), nullable=True))
    op.create_index(op.f("ix_account_contact_email"), "account", ["contact_email"])
    op.add_column("access_grant", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("access_grant", sa.Column("position", sa.String(length=120), nullable=True))
    # Written out: batch mode would copy the table and lose the CHECKs that SQLite cannot reflect.
    op.execute(
        "ALTER TABLE access_grant ADD COLUMN standing VARCHAR(9) "
        f"CONSTRAINT ck_access_grant_standing CHECK (standing IN ({STANDINGS}))"
    )
    op.add_column("access_grant", sa.Column("letter_number", sa.String(length=80), nullable=True))
    op.add_column("access_grant", sa.Column("letter_on", sa.Date(), nullable=True))

    op.create_table(
        "activation_code",
        *_id("activation_code"),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        _foreign_key("activation_code", "account_id", "account"),
        sa.UniqueConstraint("code_hash", name=op.f("uq_activation_code_code_hash")),
    )
    op.create_index(op.f("ix_activation_code_account_id"), "activation_code", ["account_id"])
    op.create_table(
        "known_device",
        *_id("known_device"),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        _foreign_key("known_device", "account_id", "account"),
        sa.UniqueConstraint("token_hash", name=op.f("uq_known_device_token_hash")),
    )
    op.create_index(op.f("ix_known_device_account_id"), "known_device", ["account_id"])
    op.create_table(
        "address_bounce",
        *_id("address_bounce"),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("kind", _enum("bounce_kind", "hard", "soft"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=300), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_address_bounce_address_at", "address_bounce", ["address", "at"])
    op.create_table(
        "contact_note",
        *_id("contact_note"),
        sa.Column("task_force_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column(
            "means",
            _enum("contact_means", "telephone", "whatsapp", "letter", "in_person"),
            nullable=False,
        ),
        sa.Column("letter_number", sa.String(length=80), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "means != 'letter' OR letter_number IS NOT NULL",
            name=op.f("ck_contact_note_letter_number"),
        ),
        _foreign_key("contact_note", "task_force_id", "task_force"),
        _foreign_key("contact_note", "agency_id", "agency"),
        _foreign_key("contact_note", "noted_by_id", "account"),
    )
    op.create_index("ix_contact_note_agency_id_on", "contact_note", ["agency_id", "on"])
    op.create_table(
        "people_import",
        *_id("people_import"),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("task_force_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        _foreign_key("people_import", "task_force_id", "task_force"),
        _foreign_key("people_import", "owner_id", "account"),
        sa.UniqueConstraint("public_id", name=op.f("uq_people_import_public_id")),
    )
    op.create_table(
        "handover",
        *_id("handover"),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("task_force_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            _enum(
                "access_kind",
                "secretariat",
                "focal_point",
                "agency_head",
                "leadership",
                "auditor",
                "administrator",
            ),
            nullable=False,
        ),
        sa.Column("leaver_id", sa.Integer(), nullable=False),
        sa.Column("leaver_name", sa.String(length=120), nullable=False),
        sa.Column("leaver_position", sa.String(length=160), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=False),
        sa.Column("successor_name", sa.String(length=120), nullable=False),
        sa.Column("successor_position", sa.String(length=160), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("letter_number", sa.String(length=80), nullable=True),
        sa.Column("letter_on", sa.Date(), nullable=True),
        sa.Column("reports", sa.JSON(), nullable=False),
        sa.Column("account_closed", sa.Boolean(), nullable=False),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("leaver_id != successor_id", name=op.f("ck_handover_two_people")),
        _foreign_key("handover", "task_force_id", "task_force"),
        _foreign_key("handover", "agency_id", "agency"),
        _foreign_key("handover", "leaver_id", "account"),
        _foreign_key("handover", "successor_id", "account"),
        _foreign_key("handover", "done_by_id", "account"),
        sa.UniqueConstraint("public_id", name=op.f("uq_handover_public_id")),
    )
    op.create_index("ix_handover_agency_id", "handover", ["agency_id"])


def downgrade() -> None:
    for table in (
        "handover",
        "people_import",
        "contact_note",
        "address_bounce",
        "known_device",
        "activation_code",
    ):
        op.drop_table(table)
    for column in ("letter_on", "letter_number", "standing", "position", "ended_at"):
        op.drop_column("access_grant", column)
    op.drop_index(op.f("ix_account_contact_email"), "account")
    op.drop_column("account", "telephone")
    op.drop_column("account", "contact_email")
