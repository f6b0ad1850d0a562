"""What a secretariat does on the evening of the RAN that nobody planned for."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import flask
import openpyxl
import pytest
import sqlalchemy as sa
import time_machine

from coordinator.assignments.models import Assignment
from coordinator.assignments.obligations.models import Obligation
from coordinator.clock import today
from coordinator.db import db, transactional
from coordinator.errors import Conflict
from coordinator.oversight.opening.service import open_planned_period
from coordinator.periods.models import ReportingPeriod
from coordinator.plans.actions import queries as plans
from coordinator.plans.importing import jobs
from coordinator.plans.versions.service import publish
from coordinator.plans.versions.service import undo as undo_version
from coordinator.platform.audit.service import record
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState
from coordinator.reporting.drafts import service as drafts
from tests import factories
from tests.assignments.replanning.evening import (
    STOPPED,
    Evening,
    assignment_of,
    read_matrix,
    targets_of,
)
from tests.assignments.replanning.odd import (
    action_of,
    focal_point_of,
    read_book,
    saved,
    sheet_of,
    undo,
    words_of_page,
)
from tests.conftest import Browser
from tests.plans.actions.builders import seed_plan
from tests.plans.versions.importing import KEY, apply_import, choices_of, read_waiting, upload

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def small(evening: Evening) -> None:
    """A short matrix: quick."""
    object.__setattr__(evening.ministry, "rows", 30)


# --- taking the version back ---------------------------------------------------------------------


@transactional
def _plan_period(given: Assignment) -> str:
    period = ReportingPeriod(
        task_force_id=given.task_force_id,
        year=2026,
        label="Triwulan IV",
        position=4,
        periods_in_year=4,
        covers_from=date(2026, 10, 1),
        covers_until=date(2026, 12, 31),
        opens_on=today() - timedelta(days=1),
        closes_on=today() + timedelta(days=20),
        left_out={given.public_id: "Tidak diminta triwulan ini"},
        is_sample=False,
    )
    db.session.add(period)
    db.session.flush()
    record("period.planned", by=None, subject=("period", period.public_id))
    return period.public_id


def test_what_a_period_left_out_stays_left_out(app: flask.Flask, evening: Evening) -> None:
    with app.app_context():
        planned = _plan_period(assignment_of(evening, "dpmpd"))
    path, _page = read_matrix(app, evening)
    apply_import(evening.office, path, **STOPPED)
    with app.app_context():
        open_planned_period(planned, by=evening.secretariat)
    undo(evening, 2)
    with app.app_context():
        parties = [party.id for party in assignment_of(evening, "dpmpd").parties]
        owed = db.session.scalars(
            sa.select(Obligation)
            .join(ReportingPeriod, ReportingPeriod.id == Obligation.period_id)
            .where(ReportingPeriod.public_id == planned, Obligation.party_id.in_(parties))
        ).all()
        assert owed == []


def test_a_report_that_is_asked_for_again_may_still_be_sent_in_time(
    app: flask.Flask, evening: Evening, clock: time_machine.Traveller
) -> None:
    """The evening is the last of the period; the version is taken back next morning."""
    clock.shift(timedelta(days=3))
    with app.app_context():
        address = factories.email_of(evening.secretariat)
    evening.office.sign_in(address, factories.PASSWORD)
    path, _page = read_matrix(app, evening)
    apply_import(evening.office, path, **STOPPED)
    clock.shift(timedelta(hours=23))
    evening.office.sign_in(address, factories.PASSWORD)
    undo(evening, 2)
    with app.app_context():
        owed = factories.obligation_of(assignment_of(evening, "dpmpd"), "dpmpd")
        assert owed.ended_as is None
        assert owed.due_on >= today()


def test_the_mail_about_an_assignment_leaves_after_all(app: flask.Flask, evening: Evening) -> None:
    """Assigned a minute before (or while mail is held), closed by the version, taken back."""
    with app.app_context():
        given = factories.assign(evening.secretariat, "1.8", "dpmpd").public_id
    path, _page = read_matrix(app, evening)
    apply_import(evening.office, path, **STOPPED)
    undo(evening, 2)
    with app.app_context():
        states = db.session.scalars(
            sa.select(OutgoingEmail.state).where(OutgoingEmail.key.contains(given))
        ).all()
        assert MailState.QUEUED in states


def test_a_version_is_not_taken_back_over_figures_of_an_indicator_it_moved(
    app: flask.Flask, evening: Evening
) -> None:
    """Our own template, with the second indicator of 1.1 put under 1.2 and reported there."""
    data = evening.office.get(f"/rencana/impor/templat.xlsx?rencana={KEY}").data
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book["Aksi"]
    head = [cell.value for cell in sheet[1]]
    key = head.index("ID indikator") + 1
    moved = "pengawasan-pengiriman-pemuda-lembaga"
    at = next(r for r in range(2, sheet.max_row) if sheet.cell(r, key).value == moved)
    values = [cell.value for cell in sheet[at]]
    sheet.delete_rows(at)
    to = next(r for r in range(2, sheet.max_row) if sheet.cell(r, 2).value == "1.2") + 1
    sheet.insert_rows(to)
    for column, value in enumerate(values, 1):
        sheet.cell(to, column).value = value
    for name in ("Kode", "Aksi", "ID aksi"):
        column = head.index(name) + 1
        sheet.cell(to, column).value = sheet.cell(to - 1, column).value
    path = upload(app, evening.office, saved(book), name="templat.xlsx")
    apply_import(evening.office, path, missing="")
    with app.app_context():
        owed = factories.obligation_of(assignment_of(evening, "satpol-pp"), "satpol-pp")
        factories.submit(owed, focal_point_of(evening, "satpol-pp"), "7")
        assert "Lembaga pelatihan yang diperiksa" in targets_of(evening, "satpol-pp")
        with pytest.raises(Conflict):
            undo_version(KEY, 2, by=evening.secretariat)


# --- two sessions --------------------------------------------------------------------------------


def test_a_version_published_while_the_file_was_read_is_not_lost(
    app: flask.Flask, evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _page = read_matrix(app, evening)
    real = jobs.matched.read

    def slow(*args: Any, **more: Any) -> Any:
        found = real(*args, **more)
        plan = seed_plan()
        actions = [
            replace(part, basis="Pasal 12, oleh rekan") if part.code == "1.1" else part
            for part in plan.actions
        ]
        publish(replace(plan, actions=actions), by=None, reason="Rekan", notify=False)
        return found

    monkeypatch.setattr(jobs.matched, "read", slow)
    evening.office.post(path, {"act": "ulang"}, page=path)
    read_waiting(app)
    monkeypatch.undo()
    assert "Sementara itu terbit versi 2" in evening.office.get(path).text


# --- the head of the plan ------------------------------------------------------------------------


def test_a_matrix_of_other_years_can_be_imported(app: flask.Flask, evening: Evening) -> None:
    """The enacted RAN is of 2026-2030, the plan that it replaces of 2025-2029."""
    book = sheet_of(evening)
    sheet = book.active
    for column, year in zip(range(6, 11), range(2026, 2031), strict=True):
        sheet.cell(5, column).value = year
    years = {"first_year": "2026", "last_year": "2030"}
    answers = {"Ya: Perusahaan dan": "new"}
    path, page = read_book(app, evening, saved(book), answers, years)
    assert "Belum dapat diterapkan" not in page
    apply_import(evening.office, path, **STOPPED)
    with app.app_context():
        plan = plans.in_force(KEY)
        assert plan is not None
        assert (plan.plan.first_year, plan.plan.last_year) == (2026, 2030)
        assert 2030 in action_of("1.1").indicators[0].targets


# --- what people read of it -------------------------------------------------------------------


def test_what_is_kept_of_a_sample_says_so(app: flask.Flask, evening: Evening) -> None:
    path, page = read_matrix(app, evening)
    assert "Seluruh impor ini" in page
    apply_import(evening.office, path, **STOPPED)
    with app.app_context():
        kept = [part.title for part in plans.in_force(KEY).actions if part.discontinued]  # type: ignore[union-attr]
        assert kept
        assert all(title.endswith("(DATA CONTOH)") for title in kept)


def test_a_draft_that_is_asked_for_no_more_says_why(
    app: flask.Flask, evening: Evening, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        owed = factories.obligation_of(assignment_of(evening, "dpmpd"), "dpmpd")
        person = focal_point_of(evening, "dpmpd")
        first = action_of("1.5").indicators[0]
        item = assignment_of(evening, "dpmpd").action_item
        key = next(one.id for one in item.indicators if one.key == first.id)
        drafts.save_draft(
            owed.public_id, {"kind": "achievement", f"value-{key}": "3"}, version=0, by=person
        )
        page = f"/laporan/{owed.public_id}"
    path, _page = read_matrix(app, evening)
    apply_import(evening.office, path, **STOPPED)
    theirs = browser().sign_in("focal_point.dpmpd@uji.example", factories.PASSWORD)
    words = words_of_page(theirs.get(page).text)
    assert "Tidak diminta lagi sejak" in words
    assert "Penugasannya ditutup: Tidak ada" in words
    assert "Draf Anda yang belum dikirim" in words
    assert "belum mengirim laporan untuk periode ini" not in words


def test_a_figure_typed_for_a_replaced_indicator_is_still_read(
    app: flask.Flask, evening: Evening, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        given = assignment_of(evening, "disnakertrans")
        owed = factories.obligation_of(given, "disnakertrans")
        old = given.action_item.indicators[0]
        drafts.save_draft(
            owed.public_id,
            {"kind": "achievement", f"value-{old.id}": "4"},
            version=0,
            by=focal_point_of(evening, "disnakertrans"),
        )
        page, name = f"/laporan/{owed.public_id}", old.name
    path, _page = read_book(app, evening, evening.ministry.book(), {"Ya: Perusahaan dan": "new"})
    apply_import(evening.office, path, **STOPPED)
    theirs = browser().sign_in("focal_point.disnakertrans@uji.example", factories.PASSWORD)
    words = words_of_page(theirs.get(page).text)
    assert f"Tidak diminta lagi: {name} 4" in words


def test_a_refused_form_keeps_every_choice(app: flask.Flask, evening: Evening) -> None:
    office = evening.office
    path = upload(app, office, evening.ministry.book(), name="matriks.xlsx")
    page = office.get(path).text
    choices = choices_of(page)
    asked = [name for name in choices if name.startswith("jawab-")]
    sent = {**choices, **dict.fromkeys(asked, "new"), "standing": "enacted", "basis": ""}
    sent["title"] = "RAN (DATA CONTOH)"
    groups = [name for name in choices if name.startswith("pokja-")]
    sent |= dict.fromkeys(groups, "pencegahan")
    refused = office.post(path, sent, status=422).text
    assert "Tulis dasar penetapannya" in refused
    assert "Hapus “DATA CONTOH” dari judulnya" in refused
    kept = choices_of(refused)
    assert {name: kept[name] for name in asked} == dict.fromkeys(asked, "new")
    assert {name: kept[name] for name in groups} == dict.fromkeys(groups, "pencegahan")


def test_in_december_new_targets_begin_next_year(
    app: flask.Flask, evening: Evening, clock: time_machine.Traveller
) -> None:
    clock.move_to(datetime(2026, 12, 1, 1, tzinfo=UTC))
    with app.app_context():
        address = factories.email_of(evening.secretariat)
    evening.office.sign_in(address, factories.PASSWORD)
    _path, page = read_book(app, evening, evening.ministry.book(), {"Ya: Perusahaan dan": "new"})
    (chosen,) = re.findall(r'checked[^>]*name="new_targets"[^>]*value="(\w+)"', page)
    assert chosen == "next"
