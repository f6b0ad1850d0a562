"""links stored with a mail's text; a sent notice has its mail; the clock is watched"""

import re
import secrets

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

EMAIL = sa.table(
    "outgoing_email",
    sa.column("id", sa.Integer),
    sa.column("account_id", sa.Integer),
    sa.column("text", sa.Text),
    sa.column("html", sa.Text),
    sa.column("links", sa.JSON),
)
TOKEN = r"\[\[token:(?P<purpose>[a-z]+):(?P<secret_id>[A-Za-z0-9_-]+)\]\]"
OLD = re.compile(rf"\[\[base\]\](?:(?P<path>/(?:l|undangan)/){TOKEN})?")
PATHS = {"laporan": "/l/", "undangan": "/undangan/"}
BATCH = 500


def _owners(connection: sa.Connection) -> dict[tuple[str, str], int]:
    """Return whose each secret link is. A placeholder with another's was typed, not our own."""
    found = {}
    for purpose, query in (
        ("undangan", "SELECT public_id, account_id FROM one_time_link"),
        (
            "laporan",
            "SELECT report_link.public_id, access_grant.account_id FROM report_link "
            "JOIN access_grant ON access_grant.id = report_link.grant_id",
        ),
    ):
        for public_id, account_id in connection.execute(sa.text(query)):
            found[purpose, public_id] = account_id
    return found


def _marked(
    part: str, account_id: int | None, owners: dict[tuple[str, str], int], links: list[dict[str, str]]
) -> str:
    def mark(match: re.Match[str]) -> str:
        purpose, secret_id = match["purpose"] or "", match["secret_id"] or ""
        if purpose and (
            match["path"] != PATHS.get(purpose)
            or account_id is None
            or owners.get((purpose, secret_id)) != account_id
        ):
            return match[0]
        link = {
            "mark": f"[[{secrets.token_hex(16)}]]",
            "path": match["path"] or "",
            "purpose": purpose,
            "secret_id": secret_id,
        }
        links.append(link)
        return link["mark"]

    return OLD.sub(mark, part)


def _rewrite(rewritten: object) -> None:
    """Put every mail through `rewritten(row)`, which returns its new (text, html, links)."""
    connection = op.get_bind()
    last = 0
    while rows := connection.execute(
        sa.select(EMAIL).where(EMAIL.c.id > last).order_by(EMAIL.c.id).limit(BATCH)
    ).all():
        for row in rows:
            text, html, links = rewritten(row)  # type: ignore[operator]
            connection.execute(
                sa.update(EMAIL)
                .where(EMAIL.c.id == row.id)
                .values(text=text, html=html, links=links)
            )
        last = rows[-1].id


def upgrade() -> None:
    with op.batch_alter_table("outgoing_email") as batch:
        batch.add_column(sa.Column("links", sa.JSON(), nullable=False, server_default="[]"))
    owners = _owners(op.get_bind())

    def to_marks(row: sa.Row[tuple[object, ...]]) -> tuple[str, str, list[dict[str, str]]]:
        links: list[dict[str, str]] = []
        text, html = (
            _marked(part, row.account_id, owners, links) for part in (row.text, row.html)
        )
        return text, html, links

    _rewrite(to_marks)
    with op.batch_alter_table("outgoing_email") as batch:
        batch.alter_column("links", existing_type=sa.JSON(), server_default=None)

    # These steps were recorded as sent, but no mail covered them: they were not sent.
    op.execute("DELETE FROM reminder_notice WHERE outcome = 'sent' AND email_id IS NULL")
    with op.batch_alter_table("reminder_notice") as batch:
        batch.create_check_constraint(
            op.f("ck_reminder_notice_sent_has_mail"), "outcome != 'sent' OR email_id IS NOT NULL"
        )

    op.create_table(
        "clock_watch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "fault",
            sa.Enum("gap", "back", "jump", name="clock_fault", native_enum=False, create_constraint=True),
            nullable=True,
        ),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_clock_watch_only_one")),
        sa.CheckConstraint(
            "(fault IS NULL) = (held_at IS NULL)", name=op.f("ck_clock_watch_fault_has_time")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_watch")),
    )


def downgrade() -> None:
    op.drop_table("clock_watch")
    with op.batch_alter_table("reminder_notice") as batch:
        batch.drop_constraint(op.f("ck_reminder_notice_sent_has_mail"), type_="check")

    def to_placeholders(row: sa.Row[tuple[object, ...]]) -> tuple[str, str, list[dict[str, str]]]:
        parts = []
        for part in (row.text, row.html):
            for link in row.links:
                token = f"[[token:{link['purpose']}:{link['secret_id']}]]" if link["purpose"] else ""
                part = part.replace(link["mark"], f"[[base]]{link['path']}{token}")
            parts.append(part)
        return parts[0], parts[1], []

    _rewrite(to_placeholders)
    with op.batch_alter_table("outgoing_email") as batch:
        batch.drop_column("links")
