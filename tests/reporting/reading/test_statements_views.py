"""How often the pages of one report ask the database, regardless of its history."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import flask
import pytest
import sqlalchemy as sa

from coordinator.assignments.obligations.models import Obligation
from coordinator.db import db
from coordinator.permissions import Viewer
from coordinator.reporting.reports.rules import ReturnReason
from coordinator.reporting.threads.service import write_comment
from coordinator.reporting.verification.returning_service import default_revise_by, return_report
from coordinator.reporting.verification.rules import ReturnInput
from tests import factories
from tests.conftest import Browser

# A page's own statements, before it is rendered; what is read for every page is not among them.
REPORT_PAGE = 6
VERIFICATION_PAGE = 7
OF_THE_FRAME = ("FROM user_session", "FROM task_force ", "FROM letterhead ", "FROM holiday")


@dataclass
class Asked:
    """The statements of one request, and those of them that are the page's own."""

    all: list[str] = field(default_factory=list)
    own: list[str] = field(default_factory=list)


@pytest.fixture
def asked(
    app: flask.Flask, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Browser, str, str], Asked]:
    """Return a function that gets a page of an endpoint and tells what was asked for it."""

    @contextmanager
    def listening(found: Asked, endpoint: str) -> Iterator[None]:
        is_in_view = False
        view, fill_in = app.view_functions[endpoint], app.update_template_context

        @functools.wraps(view)  # the guard reads what the view requires
        def entered(*args: Any, **values: Any) -> Any:
            nonlocal is_in_view
            is_in_view = True
            return view(*args, **values)

        def rendering(context: dict[str, Any]) -> None:
            nonlocal is_in_view
            is_in_view = False
            fill_in(context)

        def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            words = " ".join(statement.split())
            if not words.startswith("SELECT"):
                return
            found.all.append(words)
            if is_in_view and not any(part in f"{words} " for part in OF_THE_FRAME):
                found.own.append(words)

        with app.app_context():
            engine = db.engine
        monkeypatch.setitem(app.view_functions, endpoint, entered)
        monkeypatch.setattr(app, "update_template_context", rendering)
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            yield
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)
            monkeypatch.undo()

    def get(who: Browser, endpoint: str, path: str) -> Asked:
        found = Asked()
        with listening(found, endpoint):
            who.get(path)
        return found

    return get


@dataclass
class Desk:
    """A report that was sent once, and who works on it."""

    report_id: str
    secretariat: Viewer
    writer: Viewer
    emails: dict[str, str]

    def send_back_and_again(self, number: int) -> None:
        """Add three lines to the history: a comment, a return, a submission."""
        write_comment(self.report_id, "Mana fotonya?", by=self.secretariat)
        return_report(
            self.report_id,
            ReturnInput(
                revision_number=number,
                return_reason=ReturnReason.FIGURE_UNCLEAR,
                remark="Jelaskan angkanya.",
                revise_by_on=default_revise_by(self.secretariat.zone),
            ),
            by=self.secretariat,
        )
        factories.submit(_owed(self.report_id), self.writer)


def _owed(public_id: str) -> Obligation:
    return db.session.scalars(sa.select(Obligation).where(Obligation.public_id == public_id)).one()


@pytest.fixture
def desk(app: flask.Flask) -> Desk:
    """Dispora's report, sent once."""
    with app.app_context():
        story = factories.story()
        owed = factories.obligation_of(story.assignment, "dispora")
        factories.submit(owed, story.focal_point)
        people = {
            "secretariat": story.secretariat,
            "leadership": story.leadership,
            "writer": story.focal_point,
        }
        return Desk(
            owed.public_id,
            story.secretariat,
            story.focal_point,
            {name: factories.email_of(one) for name, one in people.items()},
        )


@pytest.mark.parametrize("who", ["secretariat", "leadership", "writer"])
def test_the_report_page_asks_as_much_with_ten_lines_of_history_as_with_one(
    app: flask.Flask,
    desk: Desk,
    browser: Callable[[], Browser],
    asked: Callable[[Browser, str, str], Asked],
    who: str,
) -> None:
    reader = browser().sign_in(desk.emails[who], factories.PASSWORD)
    page = ("reporting.report_pages.report", f"/laporan/{desk.report_id}")
    one = asked(reader, *page)
    assert 0 < len(one.own) <= REPORT_PAGE, one.own
    with app.app_context():
        for number in (1, 2, 3):
            desk.send_back_and_again(number)
    ten = asked(reader, *page)
    assert reader.get(page[1]).text.count("<time") >= 10
    assert len(ten.own) == len(one.own)
    assert len(ten.all) == len(one.all)  # nothing is looked up line by line while rendering


def test_the_verification_page_asks_as_much_with_ten_lines_of_history_as_with_one(
    app: flask.Flask,
    desk: Desk,
    browser: Callable[[], Browser],
    asked: Callable[[Browser, str, str], Asked],
) -> None:
    office = browser().sign_in(desk.emails["secretariat"], factories.PASSWORD)
    page = ("reporting.verification.verify", f"/verifikasi/{desk.report_id}")
    office.get(page[1])  # that it was opened is noted once
    one = asked(office, *page)
    assert 0 < len(one.own) <= VERIFICATION_PAGE, one.own
    with app.app_context():
        for number in (1, 2, 3):
            desk.send_back_and_again(number)
    assert office.get(page[1]).text.count("<time") >= 10
    ten = asked(office, *page)
    assert len(ten.own) == len(one.own)
    assert len(ten.all) == len(one.all)
