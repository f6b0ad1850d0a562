"""What a new installation still has to set up."""

import re
from collections.abc import Callable
from dataclasses import replace

import flask
import pytest
import sqlalchemy as sa

from coordinator.clock import today
from coordinator.db import db
from coordinator.home.first_step_labels import step_lines
from coordinator.home.first_step_queries import SetUp, first_steps
from coordinator.people.directory import queries as directory
from coordinator.people.directory.service import NewLetterhead, save_letterhead
from coordinator.permissions import AccessKind, Viewer
from coordinator.plans.actions import queries as plans
from coordinator.plans.versions import service as plan_service
from coordinator.platform.audit.models import AuditEntry
from coordinator.platform.mail.sending import INBOX_ANSWER
from coordinator.platform.operations.advice import sentence
from coordinator.platform.operations.backup import record_backup
from coordinator.platform.operations.doctor import State, examine
from tests import factories
from tests.conftest import Browser
from tests.home.builders import ANSWER, deliver_mail, signed_in_as, steps_of, words
from tests.plans.versions.plans import regional
from tests.statements import statements

BERANDA = 54  # statements of the first page; the list spares it two reads of each agency
WITH_THE_LIST = 46


@pytest.fixture
def environ() -> dict[str, str]:
    """A mail server: a real installation has one."""
    return {"MAIL_MODE": "smtp"}


def test_a_new_secretariat_sees_what_is_still_to_set_up(
    app: flask.Flask, browser: Callable[[], Browser], office: Viewer
) -> None:
    home = words(signed_in_as(app, browser, office), "/beranda")
    # The mapping and the days off come with the program, and somebody invited the secretariat.
    assert "Langkah pertama: 3 dari 10 selesai" in home
    # The list says that nobody is invited; no second list says it of each agency.
    assert "Tidak ada yang menunggu Anda." in home
    assert "narahubungnya tidak dapat dihubungi" not in home
    assert "Instansi tanpa penugasan" not in home
    listed = home.partition('id="langkah-pertama"')[2].partition("</ol>")[0]
    assert re.findall(r"<(?:a[^>]*|b)>([^<]+)</(?:a|b)>", listed) == [
        "Gugus tugas",
        "Kop surat",
        "Pemetaan peran",
        "Orang",
        "Rencana aksi",
        "Hari libur",
        "Kalender pelaporan",
        "Email",
        "Cadangan",
        "Administrator kedua",
    ]
    for place in ("/pengaturan/kop", "/orang/impor", "/rencana/impor", "/periode/tahun/2026"):
        assert f'href="{place}"' in listed
    assert "yang ada hanya DATA CONTOH; impor rencana Anda · oleh Sekretariat" in listed
    # What is the administrator's is said to be theirs, and has no link.
    assert "flask backup create BERKAS, lalu tiap hari lewat cron · oleh administrator" in listed
    assert "gugus=administrator" not in listed


def test_what_is_done_is_ticked(app: flask.Flask, browser: Callable[[], Browser]) -> None:
    with app.app_context():
        story = factories.story()
    home = words(signed_in_as(app, browser, story.secretariat), "/beranda")
    # People and a period too; not the letterhead, a plan of one's own, mail, a backup, a second
    # administrator.
    assert "Langkah pertama: 5 dari 10 selesai" in home


def test_the_first_page_needs_no_more_statements_than_before(
    app: flask.Flask, browser: Callable[[], Browser], office: Viewer
) -> None:
    signed_in = signed_in_as(app, browser, office)
    signed_in.get("/beranda")
    with statements(app) as sent:
        signed_in.get("/beranda")
    assert len(sent) == WITH_THE_LIST
    signed_in.post("/langkah-pertama/sembunyikan", {}, page="/beranda")
    with statements(app) as sent:
        signed_in.get("/beranda")
    assert len(sent) == BERANDA


def test_a_plan_of_another_task_force_is_not_ones_own(app: flask.Flask, office: Viewer) -> None:
    with app.app_context():
        national = plans.in_force("ran-tppo-2025-2029")
        assert national is not None
        other = regional(national)
        head = replace(other.plan, task_force="64.72", sample=False)
        plan_service.publish(replace(other, plan=head), by=None, reason="uji")
    assert not steps_of(app, office).done[SetUp.PLAN]
    with app.app_context():
        head = replace(other.plan, id="rad-sendiri", sample=False)
        plan_service.publish(replace(other, plan=head), by=None, reason="uji")
    assert steps_of(app, office).done[SetUp.PLAN]


def test_the_last_backup_and_where_it_is(
    app: flask.Flask, browser: Callable[[], Browser], office: Viewer
) -> None:
    with app.app_context():
        record_backup(name="tppo-2026-10-13.tar", folder="/mnt/cadangan", size=1)
    said = words(signed_in_as(app, browser, office), "/beranda")
    assert (
        "terakhir Selasa, 13 Oktober 2026 pukul 10.00 WITA, di /mnt/cadangan/tppo-2026-10-13.tar"
        in said
    )


def test_a_second_administrator_counts_once_they_can_come_in(
    app: flask.Flask, office: Viewer
) -> None:
    with app.app_context():
        factories.person(AccessKind.ADMINISTRATOR, email="satu@uji.example")
    assert not steps_of(app, office).done[SetUp.ADMINISTRATORS]
    with app.app_context():
        factories.person(AccessKind.ADMINISTRATOR, email="dua@uji.example")
    assert steps_of(app, office).done[SetUp.ADMINISTRATORS]


def test_the_page_says_what_the_doctor_says(
    app: flask.Flask, browser: Callable[[], Browser], office: Viewer
) -> None:
    said = words(signed_in_as(app, browser, office), "/langkah-pertama")
    said = re.sub(r"</?code>", "`", said).replace("&#39;", "'")
    with app.app_context():
        checks = examine()
    wrong = [one for one in checks if one.state is not State.OK]
    assert {"scheduler", "backup"} <= {one.name for one in wrong}
    for one in checks:
        assert sentence(one) in said, one.name
    shell = app.test_cli_runner().invoke(args=["doctor"]).output
    assert all(sentence(one) in shell for one in wrong)


def test_it_can_be_put_away_and_taken_back(
    app: flask.Flask, browser: Callable[[], Browser], office: Viewer
) -> None:
    signed_in = signed_in_as(app, browser, office)
    answer = signed_in.post("/langkah-pertama/sembunyikan", {}, page="/beranda")
    assert answer.location == "/beranda"
    home = words(signed_in, "/beranda")
    assert 'id="langkah-pertama"' not in home
    assert "Langkah pertama: 7 belum selesai" in home  # the way back
    assert "3 dari 10 selesai" in words(signed_in, "/langkah-pertama")
    with app.app_context():
        other = factories.person(AccessKind.SECRETARIAT, email="lain@uji.example")
    assert 'id="langkah-pertama"' in words(signed_in_as(app, browser, other), "/beranda")
    signed_in.post("/langkah-pertama/tampilkan", {}, page="/langkah-pertama")
    assert 'id="langkah-pertama"' in words(signed_in, "/beranda")
    with app.app_context():
        actions = db.session.scalars(
            sa.select(AuditEntry.action).where(AuditEntry.action.startswith("first_steps"))
        ).all()
    assert actions == ["first_steps.hidden", "first_steps.shown"]


def test_it_vanishes_when_all_is_done(app: flask.Flask, browser: Callable[[], Browser]) -> None:
    with app.app_context():
        story = factories.story()
        force = factories.task_force()
        save_letterhead(
            NewLetterhead(lines=["UJI"], office="Sekretariat", telephone="", hours=""),
            version=directory.letterhead(force).version,
            by=story.secretariat,
        )
        file = plans.in_force("ran-tppo-2025-2029")
        assert file is not None
        own = replace(file, plan=replace(file.plan, sample=False))
        plan_service.publish(own, by=story.secretariat, reason="uji")
        record_backup(name="a.tar", folder="/mnt", size=1)
        for name in ("satu", "dua"):
            factories.person(AccessKind.ADMINISTRATOR, email=f"{name}@uji.example")
    signed_in = signed_in_as(app, browser, story.secretariat)
    assert "Langkah pertama: 9 dari 10 selesai" in words(signed_in, "/beranda")
    signed_in.post("/langkah-pertama/email-uji", {}, page="/langkah-pertama")
    deliver_mail(app)
    assert "Langkah pertama" not in words(signed_in, "/beranda")
    assert "Semua langkah selesai." in words(signed_in, "/langkah-pertama")


def test_a_mail_in_the_local_inbox_is_no_answer_of_a_server(
    app: flask.Flask, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        administrator = factories.person(AccessKind.ADMINISTRATOR)
    page = signed_in_as(app, browser, administrator)
    page.post("/langkah-pertama/email-uji", {}, page="/langkah-pertama")
    deliver_mail(app, answer=INBOX_ANSWER)
    assert "1 dari 5 selesai" in words(page, "/langkah-pertama")


def test_the_administrator_has_the_steps_that_are_theirs(
    app: flask.Flask, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        administrator = factories.person(AccessKind.ADMINISTRATOR)
    page = signed_in_as(app, browser, administrator)
    said = words(page, "/langkah-pertama")
    assert "1 dari 5 selesai" in said
    assert 'href="/gugus-tugas"' in said
    assert 'href="/orang/undang?gugus=administrator"' in said
    assert "Kop surat" not in said
    page.post("/langkah-pertama/email-uji", {}, page="/langkah-pertama")
    deliver_mail(app)
    assert f"jawabannya “{ANSWER}”" in words(page, "/langkah-pertama")
    # The list for their own first page.
    with app.test_request_context():
        found = first_steps(administrator, today(), sends_mail=True)
        shown = flask.render_template_string(
            '{% from "home/first_step_parts.html" import first_step_list with context %}'
            "{{ first_step_list(found, steps) }}",
            found=found,
            steps=step_lines(found, administrator, sends_mail=True),
        )
    assert "Langkah pertama: 2 dari 5 selesai" in shown
