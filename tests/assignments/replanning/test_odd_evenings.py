"""What a secretariat does on the evening of the RAN that nobody planned for."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import flask
import openpyxl
import pytest
import sqlalchemy as sa
import time_machine

from coordinator.assignments.changes.changes import ChangeRequest
from coordinator.assignments.changes.splitting import SplitPart, split
from coordinator.assignments.models import Assignment, AssignmentTarget
from coordinator.assignments.obligations.models import Obligation
from coordinator.clock import today
from coordinator.db import db, transactional
from coordinator.errors import Conflict
from coordinator.oversight.opening.service import open_planned_period
from coordinator.people.accounts.models import Account
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import AccessKind, Viewer
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.seed import ActionPart
from coordinator.plans.importing import jobs
from coordinator.plans.versions.service import publish
from coordinator.plans.versions.service import undo as undo_version
from coordinator.platform.audit.service import record
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState
from coordinator.reporting.drafts import service as drafts
from tests import factories
from tests.assignments.replanning.evening import (
    BASIS,
    Evening,
    assignment_of,
    question_about,
    read_matrix,
    targets_of,
)
from tests.conftest import Browser
from tests.plans.actions.builders import seed_plan
from tests.plans.versions.importing import KEY, apply_import, choices_of, read_waiting, upload

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)

STOPPED = {"missing": "discontinue", "missing_reason": "Tidak ada"}
COLUMNS = range(1, 12)


@pytest.fixture(autouse=True)
def small(evening: Evening) -> None:
    """A short matrix: quick."""
    object.__setattr__(evening.ministry, "rows", 30)


def _words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def _read(
    app: flask.Flask,
    evening: Evening,
    data: bytes,
    answers: dict[str, str],
    fields: dict[str, str] | None = None,
) -> tuple[str, str]:
    """Upload and confirm as the pages suggest; `answers`: by the words of an option, "new" or
    "yes"; `fields`: more of the form."""
    office = evening.office
    path = upload(app, office, data, name="matriks.xlsx")
    page = office.get(path).text
    head = {"standing": "enacted", "title": "RAN PP TPPO 2025-2029", "basis": BASIS, "source": "x"}
    for _round in range(4):
        if "Pratinjau impor" in page:
            return path, page
        choices = choices_of(page)
        groups = {n: "pencegahan" for n in choices if n.startswith("pokja-") and not choices[n]}
        given = {}
        for words, value in answers.items():
            if words in page:
                found = re.search(r'<option value="([^"]*)"[^>]*>' + words, page)
                assert found
                given[question_about(page, words)] = "new" if value == "new" else found[1]
        office.post(path, {**choices, **groups, **given, **(fields or {}), **head})
        read_waiting(app)
        page = office.get(path).text
    raise AssertionError(_words(page)[:3000])


def _undo(evening: Evening, number: int) -> None:
    page = f"/rencana/versi/{KEY}/{number}"
    evening.office.post(f"{page}/urungkan", {}, page=page)


def _sheet(evening: Evening) -> Any:
    return openpyxl.load_workbook(io.BytesIO(evening.ministry.book()))


def _saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _row(sheet: Any, words: str) -> int:
    return next(r for r in range(1, sheet.max_row) if words in str(sheet.cell(r, 3).value or ""))


def _insert_copy(sheet: Any, at: int, of: int, **cells: str) -> None:
    values = [sheet.cell(of, c).value for c in COLUMNS]
    sheet.insert_rows(at)
    for c, value in zip(COLUMNS, values, strict=True):
        sheet.cell(at, c).value = value
    for name, value in cells.items():
        sheet.cell(at, {"code": 1, "title": 3, "indicator": 4, "unit": 5}[name]).value = value


def _action(code: str) -> ActionPart:
    plan = plans.in_force(KEY)
    assert plan is not None
    return next(part for part in plan.actions if part.code == code)


def _focal_point(evening: Evening, slug: str) -> Viewer:
    address = f"focal_point.{slug}@uji.example"
    account = db.session.scalars(sa.select(Account).where(Account.email == address)).one()
    agency = factories.agency(slug)
    return Viewer(
        account_id=account.id,
        kind=AccessKind.FOCAL_POINT,
        task_force_id=agency.task_force_id,
        agency_id=agency.id,
        home_agency_id=agency.id,
    )


# --- an action that comes back -------------------------------------------------------------------


def test_an_action_that_the_corrected_file_has_again_is_taken_up(
    app: flask.Flask, evening: Evening
) -> None:
    path, _page = read_matrix(app, evening)
    apply_import(evening.office, path, **STOPPED)  # the first file forgot 1.5
    object.__setattr__(evening.ministry, "left_out", ())
    object.__setattr__(evening.ministry, "rows", 40)
    path, _page = _read(app, evening, evening.ministry.book(), {})
    apply_import(evening.office, path, missing="keep")
    with app.app_context():
        assert _action("1.5").discontinued is None


def test_what_was_stopped_in_the_sample_is_not_stopped_in_the_enacted_plan(
    app: flask.Flask, evening: Evening
) -> None:
    plan = seed_plan()
    with app.app_context():
        actions = [
            replace(part, discontinued="Contoh saja") if part.code == "1.9" else part
            for part in plan.actions
        ]
        publish(replace(plan, actions=actions), by=None, reason="Uji", notify=False)
    path, _page = read_matrix(app, evening)
    apply_import(evening.office, path, **STOPPED)
    with app.app_context():
        assert _action("1.9").discontinued is None


def test_a_row_alike_to_a_stopped_action_in_use_is_asked_about(
    app: flask.Flask, evening: Evening
) -> None:
    path, _page = read_matrix(app, evening)
    apply_import(evening.office, path, **STOPPED)
    book = _sheet(evening)
    sheet = book.active
    _insert_copy(
        sheet,
        8,
        6,
        code="1.5",
        title="Desa dengan kader posyandu dan alur rujukan gizi",
        indicator="Kader posyandu",
        unit="orang",
    )
    office = evening.office
    path = upload(app, office, _saved(book), name="m2.xlsx")
    assert "Aksi ini melanjutkan aksi lama?" in office.get(path).text


# --- which row goes on ---------------------------------------------------------------------------


def test_suggestions_that_are_sent_as_they_are_give_the_work_to_the_likeliest_row(
    app: flask.Flask, evening: Evening
) -> None:
    book = _sheet(evening)
    sheet = book.active
    at = _row(sheet, "engawasan lapangan")
    _insert_copy(
        sheet,
        at,
        at,
        code="1.99",
        title="Perluasan pengawasan lapangan dan edukasi di wilayah rawan",
        indicator="Lokasi rawan baru",
    )
    page = evening.office.get(upload(app, evening.office, _saved(book), name="m.xlsx")).text
    # Nothing is suggested for the row above, although it is alike too.
    assert page.count("Saran, periksa: Ya: 1.2 ") == 1
    field = question_about(page, "Ya: 1.2 ")
    path, _page = _read(app, evening, _saved(book), {"Ya: Lokasi rawan": "new"}, {field: "new"})
    apply_import(evening.office, path, **STOPPED)
    with app.app_context():
        assert assignment_of(evening, "satpol-pp").action_item.code == "1.2"


def test_the_row_with_the_same_title_and_code_goes_on_where_a_title_stands_twice(
    app: flask.Flask, evening: Evening
) -> None:
    book = _sheet(evening)
    sheet = book.active
    _insert_copy(sheet, 6, 6, code="3.99", indicator="Jumlah sidang", unit="sidang")
    sheet.cell(6, 11).value = evening.ministry.agencies["dkp3a"]
    path, _page = _read(app, evening, _saved(book), {"Ya: Kegiatan pengawasan": "new"})
    apply_import(evening.office, path, **STOPPED)
    with app.app_context():
        assert assignment_of(evening, "dispora").action_item.code == "1.1"


# --- what assignments get ------------------------------------------------------------------------


def test_parts_of_an_action_do_not_each_get_the_whole_target_of_a_new_indicator(
    app: flask.Flask, evening: Evening
) -> None:
    with app.app_context():
        given = assignment_of(evening, "disnakertrans")
        first = given.action_item.indicators[0]
        split(
            given.public_id,
            label="Utara",
            own_targets={first.id: Decimal(9)},
            parts=[SplitPart("Selatan", "dkp3a", {first.id: Decimal(9)})],
            request=ChangeRequest(version=given.version, reason="Dibagi"),
            by=evening.secretariat,
        )
    path, _page = _read(app, evening, evening.ministry.book(), {"Ya: Perusahaan dan": "new"})
    apply_import(evening.office, path, **STOPPED)
    with app.app_context():
        indicator = _action("1.7").indicators[0]
        item = assignment_of(evening, "disnakertrans").action_item
        key = next(one.id for one in item.indicators if one.key == indicator.id)
        values = db.session.scalars(
            sa.select(AssignmentTarget.value)
            .join(Assignment, Assignment.id == AssignmentTarget.assignment_id)
            .where(AssignmentTarget.indicator_id == key, AssignmentTarget.year == 2026)
        ).all()
        assert sum(values) <= indicator.targets[2026], values


def test_a_target_of_its_own_in_another_unit_is_shown(app: flask.Flask, evening: Evening) -> None:
    """Satpol PP has 5 lokasi; the indicator goes on as percent, with the plan's numbers."""
    book = _sheet(evening)
    sheet = book.active
    at = _row(sheet, "engawasan lapangan")
    sheet.cell(at, 5).value = "persen"
    for column, value in zip(range(6, 11), (24, 36, 40, 44, 48), strict=True):
        sheet.cell(at, column).value = value
    _path, page = _read(app, evening, _saved(book), {"Ya: Lokasi rawan": "yes"})
    running = page.partition("Penugasan berjalan yang berubah")[2].partition("Yang berubah")[0]
    assert "Satpol PP" in running.partition("Isi rencana seperti akan tersimpan")[0]


def test_the_report_asks_about_what_is_measured_now(app: flask.Flask, evening: Evening) -> None:
    path, _page = _read(app, evening, evening.ministry.book(), {"Ya: Perusahaan dan": "new"})
    apply_import(evening.office, path, **STOPPED)
    with app.app_context():
        part = _action("1.7")
        assert [one.name for one in part.indicators] == ["Jumlah lain 1.7"]
        assert part.question != "Berapa perusahaan dan lembaga yang diawasi?"


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
    _undo(evening, 2)
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
    _undo(evening, 2)
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
    _undo(evening, 2)
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
    path = upload(app, evening.office, _saved(book), name="templat.xlsx")
    apply_import(evening.office, path, missing="")
    with app.app_context():
        owed = factories.obligation_of(assignment_of(evening, "satpol-pp"), "satpol-pp")
        factories.submit(owed, _focal_point(evening, "satpol-pp"), "7")
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
    book = _sheet(evening)
    sheet = book.active
    for column, year in zip(range(6, 11), range(2026, 2031), strict=True):
        sheet.cell(5, column).value = year
    years = {"first_year": "2026", "last_year": "2030"}
    answers = {"Ya: Perusahaan dan": "new"}
    path, page = _read(app, evening, _saved(book), answers, years)
    assert "Belum dapat diterapkan" not in page
    apply_import(evening.office, path, **STOPPED)
    with app.app_context():
        plan = plans.in_force(KEY)
        assert plan is not None
        assert (plan.plan.first_year, plan.plan.last_year) == (2026, 2030)
        assert 2030 in _action("1.1").indicators[0].targets


# --- 7. what people read of it -------------------------------------------------------------------


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
        person = _focal_point(evening, "dpmpd")
        first = _action("1.5").indicators[0]
        item = assignment_of(evening, "dpmpd").action_item
        key = next(one.id for one in item.indicators if one.key == first.id)
        drafts.save_draft(
            owed.public_id, {"kind": "achievement", f"value-{key}": "3"}, version=0, by=person
        )
        page = f"/laporan/{owed.public_id}"
    path, _page = read_matrix(app, evening)
    apply_import(evening.office, path, **STOPPED)
    theirs = browser().sign_in("focal_point.dpmpd@uji.example", factories.PASSWORD)
    words = _words(theirs.get(page).text)
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
            by=_focal_point(evening, "disnakertrans"),
        )
        page, name = f"/laporan/{owed.public_id}", old.name
    path, _page = _read(app, evening, evening.ministry.book(), {"Ya: Perusahaan dan": "new"})
    apply_import(evening.office, path, **STOPPED)
    theirs = browser().sign_in("focal_point.disnakertrans@uji.example", factories.PASSWORD)
    words = _words(theirs.get(page).text)
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
