"""The migrated schema is the models' schema, and migrations keep what people wrote."""

import re
from collections.abc import Callable
from pathlib import Path

import flask
import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from coordinator.app import create_app
from coordinator.db import Base, db
from coordinator.platform.mail.links import fill
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import derive_token
from tests import factories
from tests.conftest import _settings
from tests.engines import ROOT, migrate

VERSIONS = ROOT / "migrations" / "versions"


def _scripts() -> ScriptDirectory:
    options = Config()
    options.set_main_option("script_location", str(ROOT / "migrations"))
    return ScriptDirectory.from_config(options)


def _downgrade(revision: str) -> None:
    flask_migrate.downgrade(directory=str(ROOT / "migrations"), revision=revision)


# --- files ---------------------------------------------------------------------------------------


def test_one_head_and_one_base() -> None:
    scripts = _scripts()
    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1


def test_files_are_numbered_in_their_order() -> None:
    """0001, 0002, ...: each names the one before it, no number is missing or used twice."""
    names = sorted(path.name for path in VERSIONS.glob("*.py"))
    assert [name[:4] for name in names] == [f"{n:04d}" for n in range(1, len(names) + 1)]
    assert all(re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", name) for name in names), names
    for script in _scripts().walk_revisions():
        assert Path(script.path).name.startswith(f"{script.revision}_")
        former = int(script.revision) - 1
        assert script.down_revision == (f"{former:04d}" if former else None)


def test_migrations_do_not_import_the_product() -> None:
    """A migration must mean the same next year, no matter what the code has become."""
    importing = [
        path.name
        for path in VERSIONS.glob("*.py")
        if re.search(r"^\s*(?:from|import) coordinator", path.read_text(), re.MULTILINE)
    ]
    assert importing == []


# --- schema --------------------------------------------------------------------------------------


def _normal_check(text: str) -> str:
    """Reduce a CHECK to what both a model and an engine's catalogue write alike."""
    text = re.sub(r"::[a-z ]+(?:\[\])?", "", text.lower())
    text = re.sub(r"=\s*any\s*\(\s*\(?\s*array\s*\[(.*?)\]\s*\)?\s*\)", r"in (\1)", text)
    text = text.replace("<>", "!=")
    return re.sub(r"[\s()\"]", "", text)


def _checks_of_models() -> dict[tuple[str, str], str]:
    engine = db.engine
    found = {}
    for table in Base.metadata.sorted_tables:
        for constraint in table.constraints:
            if isinstance(constraint, sa.CheckConstraint):
                name = str(engine.dialect.identifier_preparer.format_constraint(constraint))
                text = constraint.sqltext.compile(
                    dialect=engine.dialect, compile_kwargs={"literal_binds": True}
                )
                # An enum's CHECK names its table as well, a migration's does not.
                found[table.name, name] = _normal_check(str(text)).replace(f"{table.name}.", "")
    return found


def _checks_of_database() -> dict[tuple[str, str], str]:
    inspector = sa.inspect(db.engine)
    return {
        (table, str(check["name"])): _normal_check(check["sqltext"])
        for table in inspector.get_table_names()
        for check in inspector.get_check_constraints(table)
    }


def test_schema_after_upgrade_equals_models(empty_app: flask.Flask) -> None:
    with empty_app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_checks_after_upgrade_equal_models(empty_app: flask.Flask) -> None:
    """Alembic does not compare CHECK constraints, and they are where the rules are."""
    with empty_app.app_context():
        models, database = _checks_of_models(), _checks_of_database()
    assert set(models) == set(database)
    assert len(models) > 40
    if empty_app.config["SETTINGS"].database_url.startswith("sqlite"):
        assert models == database  # SQLite gives the text back as it was written


def test_a_check_that_is_missing_is_noticed(empty_app: flask.Flask) -> None:
    """A proof that the comparison can fail: drop one rule and look again."""
    with empty_app.app_context():
        if db.engine.dialect.name == "postgresql":
            with db.engine.begin() as connection:
                connection.execute(
                    sa.text("ALTER TABLE report DROP CONSTRAINT ck_report_verified_has_time")
                )
        else:
            with db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA writable_schema=ON")
                connection.exec_driver_sql(
                    "UPDATE sqlite_master SET sql = replace(sql, "
                    "'ck_report_verified_has_time', 'ck_report_x') WHERE name = 'report'"
                )
                connection.exec_driver_sql("COMMIT")
            db.engine.dispose()
        missing = set(_checks_of_models()) - set(_checks_of_database())
        assert missing == {("report", "ck_report_verified_has_time")}


def test_every_constraint_has_a_name(empty_app: flask.Flask) -> None:
    with empty_app.app_context():
        inspector = sa.inspect(db.engine)
        nameless = [
            (table, kind)
            for table in inspector.get_table_names()
            if table != "alembic_version"
            for kind, rows in (
                ("foreign key", inspector.get_foreign_keys(table)),
                ("unique", inspector.get_unique_constraints(table)),
                ("check", inspector.get_check_constraints(table)),
                ("primary key", [inspector.get_pk_constraint(table)]),
            )
            for row in rows
            if not row.get("name")
        ]
    assert nameless == []


# --- with data -----------------------------------------------------------------------------------


def _populate(app: flask.Flask) -> None:
    with app.app_context():
        story = factories.story()
        factories.submit(factories.obligation_of(story.assignment, "dispora"), story.focal_point)
        db.session.remove()


def _counts() -> dict[str, int]:
    with db.engine.connect() as connection:
        return {
            table.name: connection.execute(
                sa.select(sa.func.count()).select_from(table)
            ).scalar_one()
            for table in Base.metadata.sorted_tables
        }


def _foreign_keys() -> set[tuple[str, str, str]]:
    inspector = sa.inspect(db.engine)
    return {
        (table, str(key["name"]), key["referred_table"])
        for table in inspector.get_table_names()
        for key in inspector.get_foreign_keys(table)
    }


def test_each_step_down_and_up_keeps_the_rows(app: flask.Flask) -> None:
    """From the head to the first schema and back: the rows and the foreign keys are the same."""
    _populate(app)
    with app.app_context():
        before, keys = _counts(), _foreign_keys()
        db.engine.dispose()
        _downgrade("0001")
        migrate()
        assert _counts() == {**before, "matrix_count": 0}  # a summary: `flask prepare` fills it
        assert before["report_revision"] == 1
        assert _foreign_keys() == keys
        with pytest.raises(sa.exc.IntegrityError), db.engine.begin() as connection:
            connection.execute(sa.text("UPDATE report SET obligation_id = 987654"))


def test_down_to_nothing_and_up_again(app: flask.Flask) -> None:
    """A populated database can be taken down to the base and built again, and then works."""
    _populate(app)
    with app.app_context():
        db.engine.dispose()
        _downgrade("base")
        assert sa.inspect(db.engine).get_table_names() == ["alembic_version"]
        migrate()
        assert set(_checks_of_models()) == set(_checks_of_database())
        with db.engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        assert set(_counts().values()) == {0}


def test_upgrading_twice_changes_nothing(app: flask.Flask) -> None:
    _populate(app)
    with app.app_context():
        before = _counts()
        migrate()
        assert _counts() == before


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_migration_that_breaks_foreign_keys_is_undone(
    database: Callable[[str], str], data_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """SQLite does not check them while a table is copied, so the migration does before it ends."""
    app = create_app(_settings(data_dir, database("seeded")))
    with app.app_context():
        _downgrade("0001")
        with db.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("DELETE FROM task_force")
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        with pytest.raises(SystemExit):
            migrate()
        assert "migration breaks foreign keys" in caplog.text
        with db.engine.connect() as connection:
            current = connection.exec_driver_sql("SELECT version_num FROM alembic_version")
            assert current.scalar() == "0001"
            connection.rollback()
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        db.session.remove()
        db.engine.dispose()


OLD_PART = (
    "Lihat [[base]]/l/[[token:laporan:milik]] dan [[base]]/laporan/x; diketik: "
    "[[base]]/l/[[token:laporan:orang-lain]] [[token:laporan:milik]]"
)


def test_a_queued_mail_keeps_its_own_links_and_loses_typed_ones(app: flask.Flask) -> None:
    """Before 0017 links were placeholders in the text; one with somebody else's was typed."""
    with app.app_context():
        story = factories.story()
        obligation = factories.obligation_of(story.assignment, "dispora")
        receiver = story.focal_point.account_id
        grants = [
            db.session.execute(
                sa.text("SELECT id FROM access_grant WHERE account_id = :id").bindparams(
                    id=one.account_id
                )
            ).scalar_one()
            for one in (story.focal_point, story.supporter)
        ]
        obligation_id = obligation.id
        db.session.remove()
        db.engine.dispose()
        _downgrade("0014")
        with db.engine.begin() as connection:
            for public_id, grant_id in zip(("milik", "orang-lain"), grants, strict=True):
                connection.execute(
                    sa.text(
                        "INSERT INTO report_link (public_id, token_hash, purpose, obligation_id, "
                        "grant_id, round, created_at) VALUES "
                        "(:id, :id, 'report', :obligation, :grant, 0, '2026-10-13')"
                    ).bindparams(id=public_id, obligation=obligation_id, grant=grant_id)
                )
            connection.execute(
                sa.text(
                    "UPDATE outgoing_email SET text = :part, html = :part WHERE account_id = :id"
                ).bindparams(part=OLD_PART, id=receiver)
            )
        db.engine.dispose()
        migrate()
        row = db.session.scalars(
            sa.select(OutgoingEmail).where(OutgoingEmail.account_id == receiver)
        ).first()
        assert row is not None
        text = fill(row.text, row.mail_links, base_url="http://x", secret_key="k")
        own = derive_token("k", "laporan", "milik")
        assert text.startswith(f"Lihat http://x/l/{own} dan http://x/laporan/x; diketik: ")
        assert derive_token("k", "laporan", "orang-lain") not in text
        assert text.count(own) == 1
        assert text.endswith("[[token:laporan:orang-lain]] [[token:laporan:milik]]")
        db.session.remove()
        db.engine.dispose()
        _downgrade("0014")
        with db.engine.connect() as connection:
            parts = connection.execute(
                sa.text("SELECT text, html FROM outgoing_email WHERE account_id = :id").bindparams(
                    id=receiver
                )
            ).all()
        assert {tuple(part) for part in parts} == {(OLD_PART, OLD_PART)}
        migrate()
