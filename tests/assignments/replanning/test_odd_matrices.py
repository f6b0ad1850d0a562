"""Matrices that nobody planned for: which row goes on with what, and what assignments get."""

from dataclasses import replace
from decimal import Decimal

import flask
import pytest
import sqlalchemy as sa

from coordinator.assignments.changes.changes import ChangeRequest
from coordinator.assignments.changes.splitting import SplitPart, split
from coordinator.assignments.models import Assignment, AssignmentTarget
from coordinator.db import db
from coordinator.plans.versions.service import publish
from tests.assignments.replanning.evening import (
    STOPPED,
    Evening,
    assignment_of,
    question_about,
    read_matrix,
)
from tests.assignments.replanning.odd import (
    action_of,
    insert_copy,
    read_book,
    row_with,
    saved,
    sheet_of,
)
from tests.plans.actions.builders import seed_plan
from tests.plans.versions.importing import apply_import, upload

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def small(evening: Evening) -> None:
    """A short matrix: quick."""
    object.__setattr__(evening.ministry, "rows", 30)


# --- an action that comes back -------------------------------------------------------------------


def test_an_action_that_the_corrected_file_has_again_is_taken_up(
    app: flask.Flask, evening: Evening
) -> None:
    path, _page = read_matrix(app, evening)
    apply_import(evening.office, path, **STOPPED)  # the first file forgot 1.5
    object.__setattr__(evening.ministry, "left_out", ())
    object.__setattr__(evening.ministry, "rows", 40)
    path, _page = read_book(app, evening, evening.ministry.book(), {})
    apply_import(evening.office, path, missing="keep")
    with app.app_context():
        assert action_of("1.5").discontinued is None


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
        assert action_of("1.9").discontinued is None


def test_a_row_alike_to_a_stopped_action_in_use_is_asked_about(
    app: flask.Flask, evening: Evening
) -> None:
    path, _page = read_matrix(app, evening)
    apply_import(evening.office, path, **STOPPED)
    book = sheet_of(evening)
    sheet = book.active
    insert_copy(
        sheet,
        8,
        6,
        code="1.5",
        title="Desa dengan kader posyandu dan alur rujukan gizi",
        indicator="Kader posyandu",
        unit="orang",
    )
    office = evening.office
    path = upload(app, office, saved(book), name="m2.xlsx")
    assert "Aksi ini melanjutkan aksi lama?" in office.get(path).text


# --- which row goes on ---------------------------------------------------------------------------


def test_suggestions_that_are_sent_as_they_are_give_the_work_to_the_likeliest_row(
    app: flask.Flask, evening: Evening
) -> None:
    book = sheet_of(evening)
    sheet = book.active
    at = row_with(sheet, "engawasan lapangan")
    insert_copy(
        sheet,
        at,
        at,
        code="1.99",
        title="Perluasan pengawasan lapangan dan edukasi di wilayah rawan",
        indicator="Lokasi rawan baru",
    )
    page = evening.office.get(upload(app, evening.office, saved(book), name="m.xlsx")).text
    # Nothing is suggested for the row above, although it is alike too.
    assert page.count("Saran, periksa: Ya: 1.2 ") == 1
    field = question_about(page, "Ya: 1.2 ")
    path, _page = read_book(app, evening, saved(book), {"Ya: Lokasi rawan": "new"}, {field: "new"})
    apply_import(evening.office, path, **STOPPED)
    with app.app_context():
        assert assignment_of(evening, "satpol-pp").action_item.code == "1.2"


def test_the_row_with_the_same_title_and_code_goes_on_where_two_have_the_title(
    app: flask.Flask, evening: Evening
) -> None:
    book = sheet_of(evening)
    sheet = book.active
    insert_copy(sheet, 6, 6, code="3.99", indicator="Jumlah sidang", unit="sidang")
    sheet.cell(6, 11).value = evening.ministry.agencies["dkp3a"]
    path, _page = read_book(app, evening, saved(book), {"Ya: Kegiatan pengawasan": "new"})
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
    path, _page = read_book(app, evening, evening.ministry.book(), {"Ya: Perusahaan dan": "new"})
    apply_import(evening.office, path, **STOPPED)
    with app.app_context():
        indicator = action_of("1.7").indicators[0]
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
    book = sheet_of(evening)
    sheet = book.active
    at = row_with(sheet, "engawasan lapangan")
    sheet.cell(at, 5).value = "persen"
    for column, value in zip(range(6, 11), (24, 36, 40, 44, 48), strict=True):
        sheet.cell(at, column).value = value
    _path, page = read_book(app, evening, saved(book), {"Ya: Lokasi rawan": "yes"})
    running = page.partition("Penugasan berjalan yang berubah")[2].partition("Yang berubah")[0]
    assert "Satpol PP" in running.partition("Isi rencana seperti akan tersimpan")[0]


def test_the_report_asks_about_what_is_measured_now(app: flask.Flask, evening: Evening) -> None:
    path, _page = read_book(app, evening, evening.ministry.book(), {"Ya: Perusahaan dan": "new"})
    apply_import(evening.office, path, **STOPPED)
    with app.app_context():
        part = action_of("1.7")
        assert [one.name for one in part.indicators] == ["Jumlah lain 1.7"]
        assert part.question != "Berapa perusahaan dan lembaga yang diawasi?"
