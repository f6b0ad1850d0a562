"""A matrix that is not as planned, and how it is read, for tests."""

import io
import re
from typing import Any

import flask
import openpyxl
import sqlalchemy as sa

from coordinator.db import db
from coordinator.people.accounts.models import Account
from coordinator.permissions import AccessKind, Viewer
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.seed import ActionPart
from tests import factories
from tests.assignments.replanning.evening import (
    BASIS,
    Evening,
    question_about,
)
from tests.plans.versions.importing import KEY, choices_of, read_waiting, upload

COLUMNS = range(1, 12)


def words_of_page(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def read_book(
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
    raise AssertionError(words_of_page(page)[:3000])


def undo(evening: Evening, number: int) -> None:
    page = f"/rencana/versi/{KEY}/{number}"
    evening.office.post(f"{page}/urungkan", {}, page=page)


def sheet_of(evening: Evening) -> Any:
    return openpyxl.load_workbook(io.BytesIO(evening.ministry.book()))


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def row_with(sheet: Any, words: str) -> int:
    return next(r for r in range(1, sheet.max_row) if words in str(sheet.cell(r, 3).value or ""))


def insert_copy(sheet: Any, at: int, of: int, **cells: str) -> None:
    values = [sheet.cell(of, c).value for c in COLUMNS]
    sheet.insert_rows(at)
    for c, value in zip(COLUMNS, values, strict=True):
        sheet.cell(at, c).value = value
    for name, value in cells.items():
        sheet.cell(at, {"code": 1, "title": 3, "indicator": 4, "unit": 5}[name]).value = value


def action_of(code: str) -> ActionPart:
    plan = plans.in_force(KEY)
    assert plan is not None
    return next(part for part in plan.actions if part.code == code)


def focal_point_of(evening: Evening, slug: str) -> Viewer:
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
