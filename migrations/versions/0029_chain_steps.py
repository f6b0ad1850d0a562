"""the step of the chain that a duty carries out, and how long it may take"""

from alembic import op

revision = "0029"
down_revision = "0028"

TABLE = "duty_revision"
# Written out: batch mode would copy the table and lose the CHECKs that SQLite cannot reflect. A
# CHECK over several columns comes with the last of them.
COLUMNS = {
    "step": (
        "VARCHAR(9) CONSTRAINT ck_duty_revision_chain_step "
        "CHECK (step IN ('find', 'serve', 'shelter', 'return', 'prosecute'))"
    ),
    "step_as": (
        "VARCHAR(7) CONSTRAINT ck_duty_revision_step_holding "
        "CHECK (step_as IN ('lead', 'support')) "
        "CONSTRAINT ck_duty_revision_step_has_holding CHECK ((step IS NULL) = (step_as IS NULL))"
    ),
    "limit_value": "INTEGER",
    "limit_unit": (
        "VARCHAR(6) CONSTRAINT ck_duty_revision_limit_unit "
        "CHECK (limit_unit IN ('hours', 'days', 'months'))"
    ),
    "limit_at": (
        "VARCHAR(5) CONSTRAINT ck_duty_revision_limit_bound CHECK (limit_at IN ('most', 'least'))"
    ),
    "limit_instrument": "VARCHAR(80)",
    "limit_article": "VARCHAR(200)",
    "limit_source_label": (
        "VARCHAR(200) CONSTRAINT ck_duty_revision_limit_has_source CHECK "
        "((limit_value IS NULL) = (limit_article IS NULL AND limit_source_label IS NULL))"
    ),
}


def upgrade() -> None:
    for name, definition in COLUMNS.items():
        op.execute(f"ALTER TABLE {TABLE} ADD COLUMN {name} {definition}")


def downgrade() -> None:
    for name in reversed(COLUMNS):
        op.execute(f"ALTER TABLE {TABLE} DROP COLUMN {name}")
