"""The inspectors' weekly mail: how far the audit trail goes."""

from datetime import UTC, datetime
from pathlib import Path

import flask
import pytest
import sqlalchemy as sa
import time_machine

from coordinator.db import db
from coordinator.oversight.auditors.jobs import tell_auditors
from coordinator.permissions import AccessKind
from coordinator.platform.audit.jobs import seal_audit_entries
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.smtp import compose
from coordinator.platform.operations.head import HEAD_FILE, fingerprint, read_head
from coordinator.platform.operations.service import ensure_installation
from tests import factories

MONDAY = datetime(2026, 10, 19, 0, 1, tzinfo=UTC)  # 08.01 WITA


def _mails() -> list[OutgoingEmail]:
    db.session.rollback()
    return list(
        db.session.scalars(
            sa.select(OutgoingEmail)
            .where(OutgoingEmail.kind == "audit_head")
            .order_by(OutgoingEmail.id)
        )
    )


@pytest.fixture
def data_dir_of_app(app: flask.Flask, clock: time_machine.Traveller) -> Path:
    """A sealed trail, one inspector, one secretariat; it is Sunday."""
    with app.app_context():
        factories.person(AccessKind.AUDITOR, home="inspektorat")
        factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
        data_dir = Path(app.config["SETTINGS"].data_dir)
        ensure_installation(data_dir)
        seal_audit_entries()
    clock.move_to(datetime(2026, 10, 18, 4, 0, tzinfo=UTC))
    return data_dir


def test_each_inspector_gets_a_mail_once_a_week(
    app: flask.Flask, data_dir_of_app: Path, clock: time_machine.Traveller
) -> None:
    with app.app_context():
        tell_auditors()
        clock.move_to(datetime(2026, 10, 18, 23, 59, tzinfo=UTC))  # 07.59 on Monday
        tell_auditors()
        assert _mails() == [], "not on a Sunday, not before 08.00"
        clock.move_to(MONDAY)
        for _again in range(3):
            tell_auditors()
        [mail] = _mails()
        assert mail.to_address == "auditor.inspektorat@uji.example"
        head = read_head(data_dir_of_app)
        assert head is not None
        short = fingerprint(head.mark.hash)
        sent = compose(mail, sender="a@uji.example", base_url="https://uji.example", secret_key="k")
        for form in ("plain", "html"):
            body = sent.get_body((form,))
            assert body is not None
            text = body.get_content()
            assert "https://uji.example/jejak" in text
            assert "[[" not in text
            assert short in text
            assert f"flask audit verify --head {short.replace(' ', '-')}" in text
            assert f"{head.mark.entries}" in text
        clock.move_to(datetime(2026, 10, 28, 3, 0, tzinfo=UTC))  # the server was off on Monday
        tell_auditors()
        assert len(_mails()) == 2
    runner = app.test_cli_runner()
    told = runner.invoke(args=["audit", "verify", "--head", short])
    assert told.exit_code == 0
    assert "Rantai memuat kepala itu" in told.output


def test_a_trail_that_was_cut_is_mailed_as_such(
    app: flask.Flask, data_dir_of_app: Path, clock: time_machine.Traveller
) -> None:
    clock.move_to(MONDAY)
    with app.app_context():
        with db.engine.begin() as connection:
            connection.execute(sa.text("DELETE FROM sealed_entry"))
            connection.execute(sa.text("DELETE FROM audit_seal"))
        tell_auditors()
        mail = _mails()[-1]
        assert "TIDAK COCOK" in mail.subject
        assert "PERIKSA SEGERA" in mail.text
        assert "PERIKSA SEGERA" in mail.html
        assert "Simpan email ini" not in mail.text


def test_who_is_invited_in_the_middle_of_the_week_gets_a_mail_then(
    app: flask.Flask, data_dir_of_app: Path, clock: time_machine.Traveller
) -> None:
    clock.move_to(MONDAY)
    with app.app_context():
        tell_auditors()
        clock.move_to(datetime(2026, 10, 21, 4, 0, tzinfo=UTC))  # Wednesday
        factories.person(AccessKind.AUDITOR, home="biro-hukum")
        for _again in range(2):
            tell_auditors()
        addresses = [mail.to_address for mail in _mails()]
        assert addresses == ["auditor.inspektorat@uji.example", "auditor.biro-hukum@uji.example"]


@pytest.mark.parametrize("what", ["gone", "broken", "gone with the trail"])
def test_a_lost_witness_is_mailed_also_after_the_good_mail(
    app: flask.Flask, data_dir_of_app: Path, clock: time_machine.Traveller, what: str
) -> None:
    clock.move_to(MONDAY)
    path = data_dir_of_app / HEAD_FILE
    with app.app_context():
        tell_auditors()
        assert len(_mails()) == 1
        if what == "broken":
            path.write_text("{")
        else:
            path.unlink()
        if what == "gone with the trail":
            with db.engine.begin() as connection:
                connection.execute(sa.text("DELETE FROM sealed_entry"))
                connection.execute(sa.text("DELETE FROM audit_seal"))
        for _again in range(2):
            tell_auditors()
        [_good, mail] = _mails()
        assert "TIDAK COCOK" in mail.subject
        for text in (mail.text, mail.html):
            assert "PERIKSA SEGERA" in text
            assert "audit_head.json" in text
            assert "Simpan email ini" not in text


def test_a_copy_tells_nobody(
    app: flask.Flask, data_dir_of_app: Path, clock: time_machine.Traveller
) -> None:
    clock.move_to(MONDAY)
    with app.app_context():
        (data_dir_of_app / HEAD_FILE).unlink()
        (data_dir_of_app / "installation_id").write_text("another")
        tell_auditors()
        assert _mails() == []
