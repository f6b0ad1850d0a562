"""mapping versions as documents, answers by substance, rulings; instruments of each task force"""

import hashlib
import json
import re
import secrets
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "former_slug",
        sa.Column("task_force_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_former_slug_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["task_force_id"], ["task_force.id"], name=op.f("fk_former_slug_task_force_id")
        ),
        sa.PrimaryKeyConstraint("task_force_id", "slug", name=op.f("pk_former_slug")),
    )
    with op.batch_alter_table("former_slug", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_slug_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "mapping_draft",
        sa.Column("task_force_id", sa.Integer(), nullable=False),
        sa.Column("base_number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("updated_by_id", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_force_id"], ["task_force.id"], name=op.f("fk_mapping_draft_task_force_id")
        ),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["account.id"], name=op.f("fk_mapping_draft_updated_by_id")
        ),
        sa.PrimaryKeyConstraint("task_force_id", name=op.f("pk_mapping_draft")),
    )
    op.create_table(
        "published_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR withdrawn_at >= published_at",
            name=op.f("ck_published_question_withdrawn_after"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_published_question_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["duty_id"], ["duty.id"], name=op.f("fk_published_question_duty_id")
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["account.id"], name=op.f("fk_published_question_published_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_question")),
        sa.UniqueConstraint("public_id", name=op.f("uq_published_question_public_id")),
    )
    with op.batch_alter_table("published_question", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_published_question_agency_id"), ["agency_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_published_question_duty_id"), ["duty_id"], unique=False
        )

    op.create_table(
        "duty_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
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
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_duty_message_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["response_id"], ["duty_response.id"], name=op.f("fk_duty_message_response_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_message")),
    )
    with op.batch_alter_table("duty_message", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_duty_message_response_id"), ["response_id"], unique=False
        )

    op.create_table(
        "mapping_document",
        sa.Column("mapping_version_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mapping_version_id"],
            ["mapping_version.id"],
            name=op.f("fk_mapping_document_mapping_version_id"),
        ),
        sa.PrimaryKeyConstraint("mapping_version_id", name=op.f("pk_mapping_document")),
    )
    op.create_table(
        "ruling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "stays",
                "moved",
                "shared",
                "reworded",
                name="outcome",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("to_agency_id", sa.Integer(), nullable=True),
        sa.Column("new_text", sa.Text(), nullable=True),
        sa.Column("mapping_version", sa.Integer(), nullable=False),
        sa.Column("ruled_by_id", sa.Integer(), nullable=False),
        sa.Column("ruled_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(outcome = 'reworded') = (new_text IS NOT NULL)",
            name=op.f("ck_ruling_reworded_has_text"),
        ),
        sa.CheckConstraint(
            "(outcome IN ('moved', 'shared')) = (to_agency_id IS NOT NULL)",
            name=op.f("ck_ruling_names_receiver"),
        ),
        sa.ForeignKeyConstraint(
            ["response_id"], ["duty_response.id"], name=op.f("fk_ruling_response_id")
        ),
        sa.ForeignKeyConstraint(
            ["ruled_by_id"], ["account.id"], name=op.f("fk_ruling_ruled_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_agency_id"], ["agency.id"], name=op.f("fk_ruling_to_agency_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ruling")),
        sa.UniqueConstraint("public_id", name=op.f("uq_ruling_public_id")),
        sa.UniqueConstraint("response_id", name=op.f("uq_ruling_response_id")),
    )
    op.create_table(
        "period_exception",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("ruling_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["period_id"], ["reporting_period.id"], name=op.f("fk_period_exception_period_id")
        ),
        sa.ForeignKeyConstraint(
            ["ruling_id"], ["ruling.id"], name=op.f("fk_period_exception_ruling_id")
        ),
        sa.PrimaryKeyConstraint("period_id", "ruling_id", name=op.f("pk_period_exception")),
    )
    with op.batch_alter_table("period_exception", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_period_exception_ruling_id"), ["ruling_id"], unique=False
        )

    op.create_table(
        "precedent",
        sa.Column("ruling_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("task_force_id", sa.Integer(), nullable=False),
        sa.Column("duty_lineage", sa.String(length=120), nullable=False),
        sa.Column("agency_lineage", sa.String(length=80), nullable=False),
        sa.Column("receiver", sa.String(length=200), nullable=True),
        sa.Column("duty_text", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ruling_id"], ["ruling.id"], name=op.f("fk_precedent_ruling_id")),
        sa.ForeignKeyConstraint(
            ["task_force_id"], ["task_force.id"], name=op.f("fk_precedent_task_force_id")
        ),
        sa.PrimaryKeyConstraint("ruling_id", name=op.f("pk_precedent")),
        sa.UniqueConstraint("public_id", name=op.f("uq_precedent_public_id")),
    )
    with op.batch_alter_table("precedent", schema=None) as batch_op:
        batch_op.create_index(
            "ix_precedent_duty_lineage_agency_lineage",
            ["duty_lineage", "agency_lineage"],
            unique=False,
        )

    # Columns that must not be empty come empty first, are filled, and are closed then.
    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lineage", sa.String(length=80), nullable=True))

    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lineage", sa.String(length=120), nullable=True))

    with op.batch_alter_table("duty_response", schema=None) as batch_op:
        batch_op.add_column(sa.Column("public_id", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("answered_as", sa.String(length=13), nullable=True))

    with op.batch_alter_table("duty_revision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("substance_since", sa.Integer(), nullable=True))

    with op.batch_alter_table("legal_instrument", schema=None) as batch_op:
        batch_op.add_column(sa.Column("task_force_id", sa.Integer(), nullable=True))

    with op.batch_alter_table("working_group", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_active", sa.Boolean(), nullable=True))
        batch_op.drop_constraint(
            batch_op.f("uq_working_group_task_force_id_position"), type_="unique"
        )

    _fill()

    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.alter_column("lineage", existing_type=sa.String(length=80), nullable=False)

    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.alter_column("lineage", existing_type=sa.String(length=120), nullable=False)

    with op.batch_alter_table("duty_response", schema=None) as batch_op:
        batch_op.alter_column("public_id", existing_type=sa.String(length=16), nullable=False)
        batch_op.alter_column(
            "answered_as",
            existing_type=sa.String(length=13),
            nullable=False,
        )
        batch_op.create_unique_constraint(batch_op.f("uq_duty_response_public_id"), ["public_id"])
        batch_op.create_check_constraint(
            batch_op.f("ck_duty_response_access_kind"),
            "answered_as IN ('secretariat', 'focal_point', 'agency_head', 'leadership', 'auditor', 'administrator')",
        )

    with op.batch_alter_table("duty_revision", schema=None) as batch_op:
        batch_op.alter_column("substance_since", existing_type=sa.Integer(), nullable=False)

    with op.batch_alter_table("legal_instrument", schema=None) as batch_op:
        batch_op.alter_column("task_force_id", existing_type=sa.Integer(), nullable=False)
        batch_op.drop_constraint(batch_op.f("uq_legal_instrument_key"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_legal_instrument_task_force_id_key"), ["task_force_id", "key"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_legal_instrument_task_force_id"), "task_force", ["task_force_id"], ["id"]
        )

    with op.batch_alter_table("working_group", schema=None) as batch_op:
        batch_op.alter_column("is_active", existing_type=sa.Boolean(), nullable=False)


def downgrade() -> None:
    _merge_instruments()
    op.execute("UPDATE working_group SET position = -id WHERE NOT is_active")
    with op.batch_alter_table("working_group", schema=None) as batch_op:
        batch_op.create_unique_constraint(
            batch_op.f("uq_working_group_task_force_id_position"), ["task_force_id", "position"]
        )
        batch_op.drop_column("is_active")

    with op.batch_alter_table("legal_instrument", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_legal_instrument_task_force_id"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("uq_legal_instrument_task_force_id_key"), type_="unique"
        )
        batch_op.create_unique_constraint(batch_op.f("uq_legal_instrument_key"), ["key"])
        batch_op.drop_column("task_force_id")

    with op.batch_alter_table("duty_revision", schema=None) as batch_op:
        batch_op.drop_column("substance_since")

    with op.batch_alter_table("duty_response", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_duty_response_access_kind"), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_duty_response_public_id"), type_="unique")
        batch_op.drop_column("answered_as")
        batch_op.drop_column("public_id")

    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.drop_column("lineage")

    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.drop_column("lineage")

    with op.batch_alter_table("precedent", schema=None) as batch_op:
        batch_op.drop_index("ix_precedent_duty_lineage_agency_lineage")

    op.drop_table("precedent")
    with op.batch_alter_table("period_exception", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_period_exception_ruling_id"))

    op.drop_table("period_exception")
    op.drop_table("ruling")
    op.drop_table("mapping_document")
    with op.batch_alter_table("duty_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duty_message_response_id"))

    op.drop_table("duty_message")
    with op.batch_alter_table("published_question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_published_question_duty_id"))
        batch_op.drop_index(batch_op.f("ix_published_question_agency_id"))

    op.drop_table("published_question")
    op.drop_table("mapping_draft")
    with op.batch_alter_table("former_slug", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_former_slug_agency_id"))

    op.drop_table("former_slug")


# --- data ----------------------------------------------------------------------------------------


def _rows(sql: str, **values: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in op.get_bind().execute(sa.text(sql), values).mappings()]


def _run(sql: str, **values: Any) -> None:
    op.get_bind().execute(sa.text(sql), values)


def _fill() -> None:
    _run("UPDATE agency SET lineage = key")
    _run("UPDATE duty SET lineage = key")
    _run("UPDATE duty_revision SET substance_since = since")
    _run("UPDATE working_group SET is_active = :yes", yes=True)
    for row in _rows("SELECT id FROM duty_response"):
        _run(
            "UPDATE duty_response SET public_id = :token WHERE id = :id",
            token=secrets.token_urlsafe(9),
            id=row["id"],
        )
    # Who answered is known, by which access is not: the head, where that person is one.
    _run(
        "UPDATE duty_response SET answered_as = CASE WHEN EXISTS (SELECT 1 FROM access_grant g "
        "WHERE g.account_id = duty_response.answered_by_id AND g.kind = 'agency_head' "
        "AND g.agency_id = duty_response.agency_id) THEN 'agency_head' ELSE 'focal_point' END"
    )
    # Only one task force had a mapping, and all instruments were its own.
    owner = _rows("SELECT task_force_id AS id FROM mapping_version ORDER BY id LIMIT 1")
    owner = owner or _rows("SELECT id FROM task_force ORDER BY id LIMIT 1")
    for row in owner:
        _run("UPDATE legal_instrument SET task_force_id = :id", id=row["id"])
    for row in _rows(
        "SELECT max(v.id) AS id, v.task_force_id FROM mapping_version v "
        "JOIN task_force f ON f.id = v.task_force_id GROUP BY v.task_force_id"
    ):
        text = json.dumps(
            _document(row["task_force_id"]), ensure_ascii=False, separators=(",", ":")
        )
        _run(
            "INSERT INTO mapping_document (mapping_version_id, content) VALUES (:id, :text)",
            id=row["id"],
            text=text,
        )
        _run(
            "UPDATE mapping_version SET content_hash = :digest WHERE id = :id",
            digest=hashlib.sha256(text.encode()).hexdigest(),
            id=row["id"],
        )


def _part(**values: Any) -> dict[str, Any]:
    """Leave out what equals its default, as the file's writer does."""
    return {name: value for name, value in values.items() if value not in (None, [])}


def _day(value: Any) -> str | None:
    return None if value is None else str(value)[:10]


def _texts(value: Any) -> list[str]:
    return json.loads(value) if isinstance(value, str) else list(value or [])


def _document(force_id: int) -> dict[str, Any]:
    """Return the mapping in force of a task force, in the shape of the file, from its rows."""
    force = _rows("SELECT * FROM task_force WHERE id = :id", id=force_id)[0]
    others = _rows("SELECT * FROM task_force WHERE id != :id ORDER BY code", id=force_id)
    codes = {row["id"]: row["code"] for row in [force, *others]}
    instruments = _rows("SELECT * FROM legal_instrument ORDER BY id")
    keys = {row["id"]: row["key"] for row in instruments}
    amended: dict[int, list[str]] = {}
    for row in _rows("SELECT * FROM amendment ORDER BY instrument_id, position"):
        amended.setdefault(row["instrument_id"], []).append(keys[row["amended_by_id"]])
    groups = _rows(
        "SELECT * FROM working_group WHERE task_force_id = :id ORDER BY position", id=force_id
    )
    group_keys = {row["id"]: row["key"] for row in groups}
    agencies = _rows("SELECT * FROM agency WHERE task_force_id = :id ORDER BY id", id=force_id)
    agency_keys = {row["id"]: row["key"] for row in agencies}
    aliases: dict[int, list[str]] = {}
    for row in _rows(
        "SELECT * FROM agency_alias WHERE task_force_id = :id ORDER BY id", id=force_id
    ):
        aliases.setdefault(row["agency_id"], []).append(row["name"])
    memberships = [
        row
        for row in _rows("SELECT * FROM membership WHERE until IS NULL ORDER BY id")
        if row["working_group_id"] in group_keys
    ]
    duties = _rows(
        "SELECT r.*, d.key AS duty_key FROM duty_revision r JOIN duty d ON d.id = r.duty_id "
        "WHERE r.until IS NULL AND d.task_force_id = :id ORDER BY d.position",
        id=force_id,
    )
    cited: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for row in _rows("SELECT * FROM citation ORDER BY id"):
        owner = (
            ("duty", row["duty_revision_id"])
            if row["duty_revision_id"] is not None
            else ("membership", row["membership_id"])
        )
        cited.setdefault(owner, []).append(
            _part(
                instrument=keys[row["instrument_id"]],
                article=row["article"],
                note=row["note"],
                text_checked_on=_day(row["text_checked_on"]),
            )
        )
    labels = dict.fromkeys(
        row["source_label"] for row in [*memberships, *duties] if row["source_label"]
    )
    sources: dict[str, str] = {}
    for number, label in enumerate(labels, start=1):
        stem = re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")[:60].strip("-")
        sources[label] = f"{stem}-{number}" if stem else f"sumber-{number}"
    active = {row["agency_id"] for row in [*memberships, *duties]}
    return {
        "schema": "1",
        "title": f"Pemetaan {force['name']}",
        "sources": [_part(id=key, label=label) for label, key in sources.items()],
        "legal_instruments": [
            _part(
                id=row["key"],
                kind=row["kind"],
                short=row["short"],
                title=row["title"],
                in_force_from=_day(row["in_force_from"]),
                in_force_to=_day(row["in_force_until"]),
                amended_by=amended.get(row["id"], []),
                text_checked_on=_day(row["text_checked_on"]),
                note=row["note"],
            )
            for row in instruments
        ],
        "task_forces": [
            _part(
                code=row["code"],
                name=row["name"],
                region=row["region"],
                level=row["level"],
                parent=codes.get(row["parent_id"]),
            )
            for row in [force, *others]
        ],
        "working_groups": [
            _part(
                id=row["key"],
                number=row["numeral"],
                code=row["code"],
                short=row["short"],
                name=row["name"],
                scope=row["scope"],
            )
            for row in groups
        ],
        "agencies": [
            _part(
                id=row["key"],
                name=row["name"],
                abbreviation=row["abbreviation"],
                kind=row["kind"],
                aliases=aliases.get(row["id"], []),
                note=row["note"],
            )
            for row in agencies
            if row["is_active"] or row["id"] in active
        ],
        "memberships": [
            _part(
                status=row["status"],
                source=sources.get(row["source_label"]),
                citations=cited.get(("membership", row["id"]), []),
                agency=agency_keys[row["agency_id"]],
                working_group=group_keys[row["working_group_id"]],
                **{"as": row["kind"]},
            )
            for row in memberships
        ],
        "duties": [
            _part(
                status=row["status"],
                source=sources.get(row["source_label"]),
                citations=cited.get(("duty", row["id"]), []),
                id=row["duty_key"],
                agency=agency_keys[row["agency_id"]],
                working_group=group_keys[row["working_group_id"]],
                text=row["text"],
                unit=row["unit"],
                evidence=_texts(row["evidence"]),
                not_evidence=_texts(row["not_evidence"]),
                example=row["example"],
            )
            for row in duties
        ],
    }


def _merge_instruments() -> None:
    """One row a key again: what several task forces cite falls back to the oldest row."""
    first: dict[str, int] = {}
    for row in _rows("SELECT id, key FROM legal_instrument ORDER BY id"):
        kept = first.setdefault(row["key"], row["id"])
        if kept == row["id"]:
            continue
        _run(
            "UPDATE citation SET instrument_id = :kept WHERE instrument_id = :id",
            kept=kept,
            id=row["id"],
        )
        _run("DELETE FROM amendment WHERE instrument_id = :id OR amended_by_id = :id", id=row["id"])
        _run("DELETE FROM legal_instrument WHERE id = :id", id=row["id"])
