"""The trail: who did what when, sealed, and any change of it named."""

import json
import logging
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import flask
import pytest
import sqlalchemy as sa

from coordinator.clock import frozen_time
from coordinator.db import db, transactional
from coordinator.errors import DomainError
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.audit import chain, queries
from coordinator.platform.audit.models import AuditEntry, AuditSeal, SealedEntry
from coordinator.platform.audit.service import record, seal_audit_entries
from coordinator.reporting.drafts import service as drafts
from coordinator.reporting.reports.rules import ReturnReason
from coordinator.reporting.verification.returning_service import return_report
from coordinator.reporting.verification.rules import ReturnInput, VerifyInput
from coordinator.reporting.verification.service import verify_report
from tests import factories
from tests.conftest import NOW, Browser

CANARY = "burung kenari kuning"


@transactional
def _note(number: int, by: Viewer | None = None) -> None:
    record("test.noted", by=by, subject=("test", number), number=number)


@pytest.fixture
def sealed(empty_app: flask.Flask) -> Iterator[flask.Flask]:
    """Three seals: over entries 1-3, 4-5 and 6."""
    with empty_app.app_context():
        for numbers in (range(1, 4), range(4, 6), range(6, 7)):
            for number in numbers:
                _note(number)
            seal_audit_entries()
        yield empty_app
        db.session.remove()


def broken_seals() -> list[str]:
    """What `flask audit verify` complains of."""
    settings = flask.current_app.config["SETTINGS"]
    return chain.examine(settings.data_dir, flask.current_app.config["SECRET_KEY"]).problems


def _tamper(statement: str) -> None:
    """Change the database behind the product's back, as somebody with its password could."""
    db.session.rollback()
    with db.engine.begin() as connection:
        for act in ("update", "delete"):
            on = " ON audit_entry" if connection.dialect.name == "postgresql" else ""
            connection.execute(sa.text(f"DROP TRIGGER audit_entry_no_{act}{on}"))
        connection.execute(sa.text(statement))


def _ids() -> list[int]:
    return list(db.session.scalars(sa.select(AuditEntry.id).order_by(AuditEntry.id)))


# --- what an entry says --------------------------------------------------------------------------


def test_an_entry_says_who_what_when_and_from_where(
    app: flask.Flask, browser: Callable[[], Browser], clock: Any
) -> None:
    with app.app_context():
        story = factories.story()
        obligation = factories.obligation_of(story.assignment, "dispora")
        public_id, agency_id = obligation.public_id, obligation.agency_id
        fields = factories.draft_for(obligation)
        email = factories.email_of(story.focal_point)
        viewer = story.focal_point
    someone = browser().sign_in(email, factories.PASSWORD)
    clock.move_to(NOW + timedelta(minutes=1))
    answer = someone.post(
        f"/laporan/{public_id}", {**fields, "form_key": "k", "version": "0", "act": "simpan"}
    )
    with app.app_context():
        entry = db.session.scalars(
            sa.select(AuditEntry).where(AuditEntry.action == "report.draft_saved")
        ).one()
        assert entry.at == NOW + timedelta(minutes=1)
        assert entry.account_id == viewer.account_id
        assert entry.access == "focal_point"
        assert entry.task_force_id == viewer.task_force_id
        assert entry.agency_id == agency_id
        assert (entry.subject_type, entry.subject_id) == ("report", public_id)
        assert entry.details == {"version": 1, "files": 0}
        assert entry.address == "127.0.0.1"
        assert entry.request_id == answer.headers["X-Request-Id"]


def test_each_step_of_a_report_leaves_one_entry(in_app: None) -> None:
    story = factories.story()
    obligation = factories.obligation_of(story.assignment, "dispora")
    newest = max(_ids())
    factories.submit(obligation, story.focal_point)
    return_report(
        obligation.public_id,
        ReturnInput(1, ReturnReason.EVIDENCE_UNDATED, CANARY, date(2026, 10, 16)),
        by=story.secretariat,
    )
    factories.submit(obligation, story.focal_point)
    verify_report(obligation.public_id, VerifyInput(2, identity_checked=True), by=story.secretariat)
    entries = db.session.execute(
        sa.select(AuditEntry.action, AuditEntry.account_id)
        .where(AuditEntry.id > newest)
        .order_by(AuditEntry.id)
    ).all()
    agency, judge = story.focal_point.account_id, story.secretariat.account_id
    assert [tuple(entry) for entry in entries] == [
        ("report.draft_saved", agency),
        ("report.submitted", agency),
        ("report.returned", judge),
        ("report.draft_saved", agency),
        ("report.submitted", agency),
        ("report.verified", judge),
    ]


def test_a_refused_act_leaves_no_entry(in_app: None) -> None:
    story = factories.story()
    obligation = factories.obligation_of(story.assignment, "dispora")
    stranger = factories.person(AccessKind.FOCAL_POINT, "disdikbud")
    before = _ids()
    for by, version in ((stranger, 0), (story.leadership, 0), (story.focal_point, 7)):
        with pytest.raises(DomainError):
            drafts.save_draft(obligation.public_id, {"note": "x"}, version=version, by=by)
    assert _ids() == before


def test_typed_text_never_enters_the_trail(in_app: None) -> None:
    """Notes, reasons and remarks may hold what must be erased one day; the trail is for ever."""
    story = factories.story()
    obligation = factories.obligation_of(story.assignment, "dispora")
    factories.submit(obligation, story.focal_point, note=CANARY, place=CANARY)
    return_report(
        obligation.public_id,
        ReturnInput(1, ReturnReason.EVIDENCE_UNDATED, CANARY, date(2026, 10, 16)),
        by=story.secretariat,
    )
    supporter = factories.obligation_of(story.assignment, "disnakertrans")
    typed = {"kind": "nil", "nil_reason": CANARY, "blocked_by": CANARY, "note": CANARY}
    drafts.save_draft(supporter.public_id, typed, version=0, by=story.supporter)
    rows = [tuple(row) for row in db.session.execute(sa.select(AuditEntry.__table__))]
    assert len(rows) > 5
    assert CANARY not in repr(rows)
    assert "@" not in repr(rows), "no address of a person either"
    assert "kata sandi" not in repr(rows)


def test_a_made_up_day_does_not_reach_the_trail(in_app: None) -> None:
    """The demo acts as if it were last month; the trail still says when it was really done."""
    with frozen_time(NOW - timedelta(days=40)):
        _note(1)
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "test.noted")).one()
    assert entry.at == NOW


def test_the_trail_of_a_task_force_is_its_own(in_app: None) -> None:
    story = factories.story()
    _note(1, by=Viewer(None, AccessKind.SECRETARIAT, 987654))
    rows, total = queries.trail(story.secretariat, size=500)
    assert total == len(rows) > 0
    assert {row.task_force_id for row in rows} == {story.secretariat.task_force_id}
    everything = queries.trail(Viewer(None, AccessKind.ADMINISTRATOR), size=500)[1]
    assert everything == len(_ids()) > total
    assert queries.trail(Viewer(None, AccessKind.AUDITOR, None))[1] == 0


# --- seals ---------------------------------------------------------------------------------------


def test_seals_form_a_chain(sealed: flask.Flask) -> None:
    seals = list(db.session.scalars(sa.select(AuditSeal).order_by(AuditSeal.id)))
    assert [seal.previous_hash for seal in seals] == ["", seals[0].hash, seals[1].hash]
    covered = db.session.execute(
        sa.select(SealedEntry.seal_id, sa.func.count())
        .group_by(SealedEntry.seal_id)
        .order_by(SealedEntry.seal_id)
    ).all()
    assert [count for _seal, count in covered] == [3, 2, 1]
    assert broken_seals() == []
    assert seal_audit_entries() == 0, "nothing new, no empty seal"
    assert len(seals) == db.session.scalar(sa.select(sa.func.count()).select_from(AuditSeal))


def test_an_entry_of_every_column_is_sealed(sealed: flask.Flask) -> None:
    """No column of an entry can be changed unseen."""
    second = _ids()[1]
    changes = {
        "at": "'2020-01-01 00:00:00'",
        "action": "'report.verified'",
        "account_id": "7",
        "access": "'secretariat'",
        "task_force_id": "7",
        "agency_id": "7",
        "subject_type": "'report'",
        "subject_id": "'x'",
        "details": "'{}'",
        "address": "'10.0.0.1'",
        "request_id": "'FFFF'",
    }
    assert set(changes) | {"id"} == set(AuditEntry.__table__.columns.keys())
    _tamper("SELECT 1")
    for column, value in changes.items():
        with db.engine.begin() as connection:
            former = connection.execute(
                sa.select(AuditEntry.__table__.c[column]).where(AuditEntry.id == second)
            ).scalar()
            connection.execute(
                sa.text(f"UPDATE audit_entry SET {column} = {value} WHERE id = {second}")
            )
        assert any(f"Catatan {second} berubah" in each for each in broken_seals()), column
        db.session.rollback()
        with db.engine.begin() as connection:
            connection.execute(
                sa.update(AuditEntry.__table__)
                .where(AuditEntry.__table__.c.id == second)
                .values({column: former})
            )
    assert broken_seals() == []


def test_a_changed_entry_is_named(sealed: flask.Flask) -> None:
    fourth = _ids()[3]
    _tamper(f"UPDATE audit_entry SET account_id = 99 WHERE id = {fourth}")
    assert broken_seals() == [f"Catatan {fourth} berubah (segel 2)."]


def test_a_deleted_entry_is_named(sealed: flask.Flask) -> None:
    """The database itself refuses, so it is forced."""
    second = _ids()[1]
    db.session.rollback()
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("DROP TRIGGER audit_entry_no_delete ON audit_entry"))
            key = "fk_sealed_entry_entry_id"
            connection.execute(sa.text(f"ALTER TABLE sealed_entry DROP CONSTRAINT {key}"))
            connection.execute(sa.text(f"DELETE FROM audit_entry WHERE id = {second}"))
            connection.commit()
        else:
            connection.rollback()
            raw = connection.connection.dbapi_connection
            raw.execute("PRAGMA foreign_keys=OFF")
            raw.execute("DROP TRIGGER audit_entry_no_delete")
            raw.execute(f"DELETE FROM audit_entry WHERE id = {second}")
            raw.execute("PRAGMA foreign_keys=ON")
    assert f"Catatan {second} hilang (segel 1)." in broken_seals()


def test_an_entry_taken_out_of_its_seal_is_noticed(sealed: flask.Flask) -> None:
    """Who deletes the seal's row as well changes what the seal covers."""
    second = _ids()[1]
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(sa.text(f"DELETE FROM sealed_entry WHERE entry_id = {second}"))
    assert broken_seals() == ["Segel 1 tidak cocok dengan catatan di bawahnya."]


def test_a_removed_seal_breaks_the_chain(sealed: flask.Flask) -> None:
    with db.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM sealed_entry WHERE seal_id = 2"))
        connection.execute(sa.text("DELETE FROM audit_seal WHERE id = 2"))
    assert "Segel 3 tidak menyambung ke segel sebelumnya." in broken_seals()


def test_entries_committed_late_are_sealed_too(sealed: flask.Flask) -> None:
    """On PostgreSQL a lower id may be committed after a higher one was sealed."""
    with db.engine.begin() as connection:
        connection.execute(
            sa.insert(AuditEntry.__table__).values(
                id=max(_ids()) + 10,
                at=NOW,
                action="test.noted",
                access="system",
                subject_type="test",
                subject_id="1",
                details={},
                address="",
                request_id="",
            )
        )
    assert seal_audit_entries() == 1
    with db.engine.begin() as connection:
        connection.execute(
            sa.insert(AuditEntry.__table__).values(
                id=max(_ids()) - 5,
                at=NOW,
                action="test.noted",
                access="system",
                subject_type="test",
                subject_id="2",
                details={},
                address="",
                request_id="",
            )
        )
    assert seal_audit_entries() == 1
    gaps = [each for each in broken_seals() if "tidak ada lagi" not in each]
    assert gaps == [], "numbers that this test itself left out are missing, and nothing else is"


# --- the shell -----------------------------------------------------------------------------------


def test_verify_says_whole_or_names_the_entry(empty_app: flask.Flask) -> None:
    runner = empty_app.test_cli_runner()
    with empty_app.app_context():
        for number in range(3):
            _note(number)
        seal_audit_entries()
        second = _ids()[1]
    whole = runner.invoke(args=["audit", "verify"])
    assert whole.exit_code == 0
    assert "Rantai segel utuh.\nUjungnya: 3 catatan, segel 1, sidik " in whole.output
    answer = json.loads(runner.invoke(args=["audit", "verify", "--json"]).output)
    assert (answer["ok"], answer["problems"], answer["chain"]["entries"]) == (True, [], 3)
    assert runner.invoke(args=["audit", "verify", "--lain"]).exit_code == 2
    with empty_app.app_context():
        _tamper(f"UPDATE audit_entry SET subject_id = 'x' WHERE id = {second}")
    broken = runner.invoke(args=["audit", "verify"])
    assert broken.exit_code == 1
    assert f"Catatan {second} berubah" in broken.output
    as_json = runner.invoke(args=["audit", "verify", "--json"])
    assert as_json.exit_code == 1
    assert json.loads(as_json.output)["problems"] == [f"Catatan {second} berubah (segel 1)."]


# --- the page ------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_the_page_has_words_for_every_action(
    app: flask.Flask, browser: Callable[[], Browser], caplog: pytest.LogCaptureFixture
) -> None:
    """What the inspector reads is Indonesian, and nothing was left in code words."""
    caplog.set_level(logging.INFO)
    with app.app_context():
        story = factories.story()
        obligation = factories.obligation_of(story.assignment, "dispora")
        here = {"REMOTE_ADDR": "192.0.2.7"}
        with app.test_request_context(environ_base=here):
            factories.submit(obligation, story.focal_point)
        name = db.session.scalar(
            sa.text("SELECT name FROM account WHERE id = :id"), {"id": story.focal_point.account_id}
        )
        email = factories.email_of(factories.person(AccessKind.AUDITOR, home="inspektorat"))
        actions = set(db.session.scalars(sa.select(AuditEntry.action)))
    inspector = browser().sign_in(email, factories.PASSWORD)
    page = inspector.get("/jejak").text
    assert "Laporan dikirim" in page
    rows = page.split("<tbody")[-1].split("<tr")
    [sent] = [row for row in rows if "Laporan dikirim<" in row]
    assert name in sent
    assert "192.0.2.7" in sent
    body = page[page.index("<main") :]
    assert not [action for action in actions if f">{action}<" in body]
    assert (
        "Laporan dikirim" not in inspector.get("/jejak?tindakan=access.").text.split("<tbody")[-1]
    )
