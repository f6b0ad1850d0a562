"""evidence: a file that is taken back for identity is reviewed before it goes elsewhere

What was withdrawn before stays withdrawn; no review is made up for it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

OLD = "(withdrawn_at IS NULL) = (file_id IS NOT NULL)"
NEW = "(withdrawn_at IS NULL AND review_id IS NULL) = (file_id IS NOT NULL)"
HAS_NO_FILE = "ck_evidence_withdrawn_has_no_file"
ONE_OF_TWO = "ck_evidence_withdrawn_or_hidden"
EITHER = "withdrawn_at IS NULL OR review_id IS NULL"
KEY = "fk_evidence_review_id"


def upgrade() -> None:
    op.create_table(
        "evidence_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("task_force_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_for_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.Enum("open", "kept", "deleted", name="review_state", native_enum=False, create_constraint=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)",
            name=op.f("ck_evidence_review_decided_has_time"),
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_at IS NOT NULL",
            name=op.f("ck_evidence_review_decided_by_whom"),
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (reason IS NULL)",
            name=op.f("ck_evidence_review_decided_has_reason"),
        ),
        *(
            sa.ForeignKeyConstraint([column], [key], name=op.f(f"fk_evidence_review_{column}"))
            for column, key in (
                ("task_force_id", "task_force.id"),
                ("asked_by_id", "account.id"),
                ("asked_for_id", "agency.id"),
                ("decided_by_id", "account.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_review")),
        sa.UniqueConstraint("public_id", name=op.f("uq_evidence_review_public_id")),
    )
    op.create_index(
        "ix_evidence_review_task_force_id_state", "evidence_review", ["task_force_id", "state"]
    )
    op.add_column("evidence", sa.Column("review_id", sa.Integer(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        _rewrite(
            (f"CHECK ({OLD})", f"CHECK ({NEW})"),
            (
                "CONSTRAINT pk_evidence ",
                f"CONSTRAINT {ONE_OF_TWO} CHECK ({EITHER}), "
                f"CONSTRAINT {KEY} FOREIGN KEY(review_id) REFERENCES evidence_review (id), "
                "CONSTRAINT pk_evidence ",
            ),
        )
    else:
        op.drop_constraint(op.f(HAS_NO_FILE), "evidence")
        op.create_check_constraint(op.f(HAS_NO_FILE), "evidence", NEW)
        op.create_check_constraint(op.f(ONE_OF_TWO), "evidence", EITHER)
        op.create_foreign_key(op.f(KEY), "evidence", "evidence_review", ["review_id"], ["id"])
    op.create_index(op.f("ix_evidence_review_id"), "evidence", ["review_id"])
    op.create_table(
        "reviewed_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "(file_id IS NULL) = (name IS NULL)", name=op.f("ck_reviewed_use_file_has_name")
        ),
        *(
            sa.ForeignKeyConstraint([column], [key], name=op.f(f"fk_reviewed_use_{column}"))
            for column, key in (
                ("review_id", "evidence_review.id"),
                ("evidence_id", "evidence.id"),
                ("file_id", "stored_file.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviewed_use")),
        sa.UniqueConstraint(
            "review_id", "evidence_id", name=op.f("uq_reviewed_use_review_id_evidence_id")
        ),
    )
    for column in ("evidence_id", "file_id"):
        op.create_index(op.f(f"ix_reviewed_use_{column}"), "reviewed_use", [column])


def _rewrite(*changes: tuple[str, str]) -> None:
    """SQLite cannot change a CHECK: write the table again from its own text, changed, with all its
    other rules as they are. Fails where a text that is to be replaced is not there."""
    bind = op.get_bind()
    text = str(bind.scalar(sa.text("SELECT sql FROM sqlite_master WHERE name = 'evidence'")))
    indexes = bind.scalars(
        sa.text(
            "SELECT sql FROM sqlite_master "
            "WHERE type = 'index' AND tbl_name = 'evidence' AND sql IS NOT NULL"
        )
    ).all()
    for old, new in changes:
        if old not in text:
            raise RuntimeError(f"the table evidence does not say: {old}")
        text = text.replace(old, new)
    names = ", ".join(column["name"] for column in sa.inspect(bind).get_columns("evidence"))
    head, _, body = text.partition("(")
    bind.exec_driver_sql(f"{head.replace('evidence', 'evidence_new')}({body}")
    bind.exec_driver_sql(f"INSERT INTO evidence_new ({names}) SELECT {names} FROM evidence")
    op.drop_table("evidence")
    op.rename_table("evidence_new", "evidence")
    for index in indexes:
        bind.exec_driver_sql(index)


def downgrade() -> None:
    # The former schema knows no review: what one hides has its bytes and its name again.
    held = (
        "FROM reviewed_use WHERE reviewed_use.evidence_id = evidence.id "
        "AND reviewed_use.review_id = evidence.review_id"
    )
    if op.get_bind().dialect.name == "sqlite":
        _rewrite(
            (f"CONSTRAINT {ONE_OF_TWO} CHECK ({EITHER}), ", ""),
            (f"CONSTRAINT {KEY} FOREIGN KEY(review_id) REFERENCES evidence_review (id), ", ""),
            (f"CONSTRAINT {HAS_NO_FILE} CHECK ({NEW})", f"CONSTRAINT {HAS_NO_FILE} CHECK (1)"),
        )
    else:
        op.drop_constraint(op.f(KEY), "evidence")
        op.drop_constraint(op.f(ONE_OF_TWO), "evidence")
        op.drop_constraint(op.f(HAS_NO_FILE), "evidence")
    op.execute(
        f"UPDATE evidence SET file_id = (SELECT file_id {held}), name = (SELECT name {held}) "
        "WHERE review_id IS NOT NULL"
    )
    op.drop_index(op.f("ix_evidence_review_id"), "evidence")
    op.drop_table("reviewed_use")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("ALTER TABLE evidence DROP COLUMN review_id")
        _rewrite((f"CONSTRAINT {HAS_NO_FILE} CHECK (1)", f"CONSTRAINT {HAS_NO_FILE} CHECK ({OLD})"))
    else:
        op.create_check_constraint(op.f(HAS_NO_FILE), "evidence", OLD)
        op.drop_column("evidence", "review_id")
    op.drop_table("evidence_review")
