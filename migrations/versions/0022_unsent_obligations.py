"""what an agency still owes is found by an index: whether a report was sent is stored on its
obligation, by triggers; so are papers that wait for an answer, and what an agency disputes"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

FUNCTION = """
CREATE FUNCTION keep_is_sent() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    now_sent boolean := TG_OP != 'DELETE';
BEGIN
    IF now_sent THEN
        now_sent := NEW.state IN ('submitted', 'verified');
    END IF;
    UPDATE obligation SET is_sent = now_sent
    WHERE id = COALESCE(NEW.obligation_id, OLD.obligation_id) AND is_sent != now_sent;
    RETURN NULL;
END
$$
"""
WRITTEN = """
UPDATE obligation SET is_sent = (NEW.state IN ('submitted', 'verified'))
WHERE id = NEW.obligation_id AND is_sent != (NEW.state IN ('submitted', 'verified'))
"""
REMOVED = "UPDATE obligation SET is_sent = 0 WHERE id = OLD.obligation_id AND is_sent"
# (trigger, when, SQLite's statement)
TRIGGERS = (
    ("report_sent_insert", "AFTER INSERT", WRITTEN),
    ("report_sent_update", "AFTER UPDATE OF state", WRITTEN),
    ("report_sent_delete", "AFTER DELETE", REMOVED),
)


def upgrade() -> None:
    is_postgres = op.get_bind().dialect.name == "postgresql"
    # Batch mode would copy the table and lose its CHECK, which SQLite cannot reflect.
    op.add_column(
        "obligation",
        sa.Column("is_sent", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.execute(
        "UPDATE obligation SET is_sent = (1 = 1) WHERE id IN "
        "(SELECT obligation_id FROM report WHERE state IN ('submitted', 'verified'))"
    )
    op.create_index(
        "ix_obligation_unsent",
        "obligation",
        ["agency_id", "period_id"],
        sqlite_where=sa.text("is_sent = 0 AND ended_as IS NULL"),
        postgresql_where=sa.text("NOT is_sent AND ended_as IS NULL"),
    )
    op.create_index(
        "ix_paper_report_unanswered",
        "paper_report",
        ["revision_id"],
        sqlite_where=sa.text("answer IS NULL"),
        postgresql_where=sa.text("answer IS NULL"),
    )
    op.create_index("ix_duty_response_agency_id_answer", "duty_response", ["agency_id", "answer"])
    if is_postgres:
        op.execute(FUNCTION)
    for name, when, statement in TRIGGERS:
        act = "EXECUTE FUNCTION keep_is_sent()" if is_postgres else f"BEGIN {statement}; END"
        op.execute(f"CREATE TRIGGER {name} {when} ON report FOR EACH ROW {act}")


def downgrade() -> None:
    is_postgres = op.get_bind().dialect.name == "postgresql"
    for name, _when, _statement in TRIGGERS:
        op.execute(f"DROP TRIGGER {name}" + (" ON report" if is_postgres else ""))
    if is_postgres:
        op.execute("DROP FUNCTION keep_is_sent()")
    op.drop_index("ix_duty_response_agency_id_answer", "duty_response")
    op.drop_index("ix_paper_report_unanswered", "paper_report")
    op.drop_index("ix_obligation_unsent", "obligation")
    op.drop_column("obligation", "is_sent")
