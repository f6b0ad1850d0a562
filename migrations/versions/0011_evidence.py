"""evidence: what was checked, withdrawn and used again

Rows from before keep their true state: `reading` is "never" (no detector read them), what a person
ticked stays ticked, the rest goes on waiting; nothing becomes clean here. A document was kept as it
was received, so its hash is known. A photo was redrawn, so its original hash is unknown, and the
hash of the kept file is used. Which of them are the same file used twice is not looked for.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

READINGS = "('never', 'none', 'partial', 'full')"
LEVELS = "('internal', 'restricted')"
CHECK_STATES = "('waiting', 'clean', 'refused')"
CHECKS = {
    "ck_evidence_checked_has_time": "(check_state = 'waiting') = (checked_at IS NULL)",
    "ck_evidence_check_state": f"check_state IN {CHECK_STATES}",
}
NEW_CHECKS = {
    "ck_evidence_withdrawn_has_reason": "(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)",
    "ck_evidence_withdrawn_has_no_file": "(withdrawn_at IS NULL) = (file_id IS NOT NULL)",
    "ck_evidence_unread_is_checked_by_a_person": (
        "check_state != 'clean' OR checked_by_id IS NOT NULL OR reading = 'full'"
    ),
    "ck_evidence_reading": f"reading IN {READINGS}",
    "ck_evidence_level": f"level IN {LEVELS}",
}
KEYS = {
    "file_id": "stored_file",
    "task_force_id": "task_force",
    "agency_id": "agency",
    "uploaded_by_id": "account",
    "checked_by_id": "account",
}
NEW_KEYS = {
    "obligation_id": "obligation",
    "acknowledged_by_id": "account",
    "reuse_of_id": "evidence",
    "withdrawn_by_id": "account",
}
NEW_INDEXES = ("agency_id", "obligation_id", "received_sha256", "withdrawn_sha256")


def _time(name: str, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _old_columns(file_is_optional: bool) -> list[sa.Column]:
    return [
        _number("id", nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        _number("file_id", nullable=file_is_optional),
        _number("task_force_id", nullable=False),
        _number("agency_id", nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("metadata_removed", sa.Boolean(), nullable=False),
        _number("uploaded_by_id", nullable=False),
        _time("uploaded_at", nullable=False),
        sa.Column("check_state", sa.String(length=7), nullable=False),
        _number("checked_by_id"),
        _time("checked_at"),
    ]


def _new_columns(filled: bool) -> list[sa.Column]:
    """The added columns; those that every row has are optional until they are `filled`."""
    return [
        _number("obligation_id"),
        _number("size", nullable=not filled),
        sa.Column("received_sha256", sa.String(length=64), nullable=not filled),
        sa.Column("removed", sa.JSON(), nullable=not filled),
        sa.Column("reading", sa.String(length=7), nullable=not filled),
        sa.Column("warnings", sa.JSON(), nullable=not filled),
        sa.Column("level", sa.String(length=10), nullable=not filled),
        _time("handed_in_at"),
        _number("acknowledged_by_id"),
        _time("acknowledged_at"),
        _number("reuse_of_id"),
        sa.Column("reuse_reason", sa.Text(), nullable=True),
        _number("withdrawn_by_id"),
        _time("withdrawn_at"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.Column("withdrawn_sha256", sa.String(length=64), nullable=True),
    ]


def _rebuild(columns: list[sa.Column], checks: dict[str, str], keys: dict[str, str]) -> None:
    """Create the table again, because SQLite cannot change a column or add a CHECK.

    Constraints are named by hand so that no CHECK is lost.
    """
    names = ", ".join(column.name for column in columns)
    op.create_table(
        "evidence_new",
        *columns,
        *(sa.CheckConstraint(text, name=op.f(name)) for name, text in checks.items()),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_evidence_{column}"))
            for column, table in keys.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("public_id", name=op.f("uq_evidence_public_id")),
    )
    op.execute(f"INSERT INTO evidence_new ({names}) SELECT {names} FROM evidence")
    op.drop_table("evidence")
    op.rename_table("evidence_new", "evidence")
    op.create_index(op.f("ix_evidence_file_id"), "evidence", ["file_id"])


def upgrade() -> None:
    for column in _new_columns(filled=False):
        op.add_column("evidence", column)
    _fill()
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(
            [*_old_columns(file_is_optional=True), *_new_columns(filled=True)],
            CHECKS | NEW_CHECKS,
            KEYS | NEW_KEYS,
        )
    else:
        op.alter_column("evidence", "file_id", nullable=True)
        for column in ("size", "received_sha256", "removed", "reading", "warnings", "level"):
            op.alter_column("evidence", column, nullable=False)
        for name, text in NEW_CHECKS.items():
            op.create_check_constraint(op.f(name), "evidence", text)
        for column, table in NEW_KEYS.items():
            op.create_foreign_key(
                op.f(f"fk_evidence_{column}"), "evidence", table, [column], ["id"]
            )
    for column in NEW_INDEXES:
        op.create_index(op.f(f"ix_evidence_{column}"), "evidence", [column])


def _fill() -> None:
    stored = "FROM stored_file WHERE stored_file.id = evidence.file_id"
    op.execute(
        f"UPDATE evidence SET size = (SELECT size {stored}), "
        f"received_sha256 = (SELECT sha256 {stored}), "
        "removed = CASE WHEN metadata_removed THEN '[\"metadata\"]' ELSE '[]' END"
        + ("::json" if op.get_bind().dialect.name == "postgresql" else "")
        + ", reading = 'never', warnings = '{}', level = 'internal'"
    )
    op.execute(
        "UPDATE evidence SET obligation_id = coalesce("
        "(SELECT min(report.obligation_id) FROM draft_evidence"
        " JOIN report ON report.id = draft_evidence.report_id"
        " WHERE draft_evidence.evidence_id = evidence.id), "
        "(SELECT min(report.obligation_id) FROM revision_evidence"
        " JOIN report_revision ON report_revision.id = revision_evidence.revision_id"
        " JOIN report ON report.id = report_revision.report_id"
        " WHERE revision_evidence.evidence_id = evidence.id)), "
        "handed_in_at = (SELECT min(report_revision.submitted_at) FROM revision_evidence"
        " JOIN report_revision ON report_revision.id = revision_evidence.revision_id"
        " WHERE revision_evidence.evidence_id = evidence.id)"
    )


def downgrade() -> None:
    # The former schema knows no withdrawn file: those tombstones go; the audit keeps the act.
    gone = "(SELECT id FROM evidence WHERE withdrawn_at IS NOT NULL)"
    op.execute(f"DELETE FROM draft_evidence WHERE evidence_id IN {gone}")
    op.execute(f"DELETE FROM revision_evidence WHERE evidence_id IN {gone}")
    op.execute(f"UPDATE evidence SET reuse_of_id = NULL WHERE reuse_of_id IN {gone}")
    op.execute("DELETE FROM evidence WHERE withdrawn_at IS NOT NULL")
    for column in NEW_INDEXES:
        op.drop_index(op.f(f"ix_evidence_{column}"), "evidence")
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(_old_columns(file_is_optional=False), CHECKS, KEYS)
        return
    for column in NEW_KEYS:
        op.drop_constraint(op.f(f"fk_evidence_{column}"), "evidence")
    for name in NEW_CHECKS:
        op.drop_constraint(op.f(name), "evidence")
    for column in _new_columns(filled=True):
        op.drop_column("evidence", column.name)
    op.alter_column("evidence", "file_id", nullable=False)
