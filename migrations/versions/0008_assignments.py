"""assignments: parts, batches, history, budget, scan of the basis, the periods they are reported in"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

OPEN = sa.text("closed_at IS NULL")
CHANGES = (
    "reassigned",
    "support_added",
    "support_removed",
    "split",
    "due_moved",
    "amended",
    "closed",
)
# Written out: batch mode would copy the table and lose the CHECKs that SQLite cannot reflect.
# In the order in which they are added; a CHECK goes with the last column it names.
COLUMNS = {
    "version": "INTEGER DEFAULT '1' NOT NULL",
    "part": "VARCHAR(80) DEFAULT '' NOT NULL",
    "closed_kind": "VARCHAR(12) CONSTRAINT ck_assignment_close_kind "
    "CHECK (closed_kind IN ('done', 'discontinued', 'mistaken', 'other')) "
    "CONSTRAINT ck_assignment_closed_kind_when_closed "
    "CHECK (closed_kind IS NULL OR closed_at IS NOT NULL)",
    "reported_in": "VARCHAR(6) DEFAULT 'every' NOT NULL CONSTRAINT ck_assignment_reported_in "
    "CHECK (reported_in IN ('every', 'last', 'months'))",
    "report_months": "INTEGER CONSTRAINT ck_assignment_months_when_chosen "
    "CHECK ((reported_in = 'months') = (report_months IS NOT NULL))",
    "budget": "VARCHAR(8) DEFAULT 'unstated' NOT NULL CONSTRAINT ck_assignment_budget_state "
    "CHECK (budget IN ('unstated', 'none', 'stated'))",
    "budget_code": "VARCHAR(40)",
    "budget_amount": "BIGINT CONSTRAINT ck_assignment_budget_when_stated "
    "CHECK (budget = 'stated' OR (budget_code IS NULL AND budget_amount IS NULL))",
}


def _foreign_key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "assignment_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("form_key", sa.String(length=40), nullable=True),
        sa.Column("task_force_id", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        _foreign_key("assignment_batch", "task_force_id", "task_force"),
        _foreign_key("assignment_batch", "made_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_batch")),
        sa.UniqueConstraint("public_id", name=op.f("uq_assignment_batch_public_id")),
        sa.UniqueConstraint("form_key", name=op.f("uq_assignment_batch_form_key")),
    )
    op.create_table(
        "assignment_batch_item",
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        _foreign_key("assignment_batch_item", "assignment_id", "assignment"),
        _foreign_key("assignment_batch_item", "batch_id", "assignment_batch"),
        sa.PrimaryKeyConstraint("assignment_id", name=op.f("pk_assignment_batch_item")),
    )
    op.create_index(
        op.f("ix_assignment_batch_item_batch_id"), "assignment_batch_item", ["batch_id"]
    )
    op.create_table(
        "basis_file",
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        _foreign_key("basis_file", "assignment_id", "assignment"),
        _foreign_key("basis_file", "file_id", "stored_file"),
        sa.PrimaryKeyConstraint("assignment_id", name=op.f("pk_basis_file")),
    )
    op.create_table(
        "assignment_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("form_key", sa.String(length=40), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(*CHANGES, name="change_kind", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("to_agency_id", sa.Integer(), nullable=True),
        sa.Column("due_before", sa.Date(), nullable=True),
        sa.Column("due_after", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        _foreign_key("assignment_change", "assignment_id", "assignment"),
        _foreign_key("assignment_change", "agency_id", "agency"),
        _foreign_key("assignment_change", "to_agency_id", "agency"),
        _foreign_key("assignment_change", "made_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_change")),
        sa.UniqueConstraint("form_key", name=op.f("uq_assignment_change_form_key")),
    )
    op.create_index(
        op.f("ix_assignment_change_assignment_id"), "assignment_change", ["assignment_id"]
    )
    for name, definition in COLUMNS.items():
        op.execute(f"ALTER TABLE assignment ADD COLUMN {name} {definition}")
    op.drop_index("uq_assignment_open_item", "assignment")
    op.create_index(
        "uq_assignment_open_item",
        "assignment",
        ["task_force_id", "action_item_id", "part"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    # The former schema knows no parts: of an item held in parts the oldest stays open.
    op.execute(
        "UPDATE assignment SET closed_at = assigned_at, closed_reason = 'Bagian' "
        "WHERE closed_at IS NULL AND part != '' AND id NOT IN (SELECT min(id) FROM assignment "
        "WHERE closed_at IS NULL GROUP BY task_force_id, action_item_id)"
    )
    op.drop_index("uq_assignment_open_item", "assignment")
    op.create_index(
        "uq_assignment_open_item",
        "assignment",
        ["task_force_id", "action_item_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    for name in reversed(COLUMNS):
        op.execute(f"ALTER TABLE assignment DROP COLUMN {name}")
    op.drop_table("assignment_change")
    op.drop_table("basis_file")
    op.drop_table("assignment_batch_item")
    op.drop_table("assignment_batch")
