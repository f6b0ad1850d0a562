"""An agency that was renamed has the name of that time on every page of a period."""

import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import flask
import pytest
import sqlalchemy as sa
import time_machine
from pypdf import PdfReader

from coordinator.assignments.obligations.names import PeriodNames, former_names
from coordinator.db import db
from coordinator.oversight.opening import service as opening
from coordinator.oversight.reminders import queries as reminders
from coordinator.permissions import AccessKind
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.reporting.threads.queries import unanswered
from coordinator.reporting.threads.service import write_comment
from tests import factories
from tests.assignments.obligations.builders import NEW, NEW_LONG, rename
from tests.conftest import Browser

SQLITE_ONLY = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.mark.usefixtures("in_app")
def test_a_period_keeps_the_names_it_was_opened_under() -> None:
    story = factories.story()
    force, agency = story.period.task_force_id, factories.agency("dispora")
    period_id, agency_id, old = story.period.id, agency.id, agency.name
    assert former_names(force) == {}
    rename("dispora", story.secretariat)
    later = factories.open_period(
        label="Triwulan IV", position=4, covers=(date(2026, 10, 1), date(2026, 12, 31))
    )
    names = PeriodNames(force)
    assert names.agency(period_id, agency_id).abbreviation == "Dispora"
    assert names.agency(period_id, agency_id).name == old
    assert names.agency(later.id, agency_id).abbreviation == NEW
    assert former_names(force) == {agency_id: ("Dispora", old)}


def _shown(page: Any) -> str:
    """What a page says itself."""
    if page.mimetype == "application/pdf":
        return "\n".join(one.extract_text() for one in PdfReader(io.BytesIO(page.data)).pages)
    text = page.get_data(as_text=True)
    if page.mimetype != "text/html":
        return text
    text = text[text.index("<main") :]  # the header above names the reader as of today
    return re.sub(r"(?s)<nav\b.*?</nav>", "", text)


@SQLITE_ONLY
def test_every_page_of_a_closed_period_says_the_name_of_then(
    app: flask.Flask, browser: Callable[[], Browser], clock: time_machine.Traveller
) -> None:
    with app.app_context():
        story = factories.story()
        own = factories.obligation_of(story.assignment, "dispora")
        factories.submit(own, story.focal_point)
        auditor = factories.person(AccessKind.AUDITOR, home="inspektorat")
        rename("dispora", story.secretariat)
        clock.move_to(datetime(2026, 10, 20, 2, tzinfo=UTC))
        opening.close_period(story.period.public_id, by=story.secretariat)
        report, key = own.public_id, story.period.public_id
        people = {
            name: factories.email_of(viewer)
            for name, viewer in (
                ("secretariat", story.secretariat),
                ("focal_point", story.focal_point),
                ("leadership", story.leadership),
                ("auditor", auditor),
            )
        }
        db.session.remove()
    walks = {
        "leadership": [
            f"/matriks?periode={key}",
            f"/matriks/dispora?periode={key}",
            f"/matriks.csv?periode={key}",
            f"/laporan/{report}",
        ],
        "secretariat": [
            f"/verifikasi/{report}",
        ],
        "focal_point": [
            f"/laporan/{report}",
            f"/laporan/{report}/tanda-terima",
            f"/laporan/{report}/tanda-terima.pdf",
        ],
        "auditor": [f"/matriks/dispora?periode={key}"],
    }
    wrong = []
    for name, paths in walks.items():
        who = browser().sign_in(people[name], factories.PASSWORD)
        for path in paths:
            page = who.client.get(path)
            shown = _shown(page) if page.status_code == 200 else f"{page.status_code}"
            if not re.search(r"Dispora\b|Pemuda", shown):
                wrong.append(f"{name} {path}: no old name {shown[:90]}")
            if NEW in shown or NEW_LONG in shown:
                at = shown.find("Disbaru") if NEW in shown else shown.find(NEW_LONG)
                wrong.append(f"{name} {path}: new name: {shown[max(0, at - 150) : at + 40]}")
    assert not wrong, "\n".join(wrong)
    queue = browser().sign_in(people["secretariat"], factories.PASSWORD).get("/verifikasi").text
    assert f"{NEW} (dahulu Dispora)</option>" in queue  # of all periods, with both names
    assert NEW not in queue.replace(f"{NEW} (dahulu Dispora)", "")
    found = browser().sign_in(people["secretariat"], factories.PASSWORD).get("/cari?q=dispora").text
    words = re.sub(r"<[^>]+>", "", found)  # what was looked for is marked
    assert f"{NEW_LONG} · " in words
    assert "dahulu Dispora" in words


@pytest.mark.usefixtures("in_app")
def test_what_waits_and_mails_about_a_period_say_the_name_of_then() -> None:
    story = factories.story()
    own = factories.obligation_of(story.assignment, "dispora")
    rename("dispora", story.secretariat)
    [owed] = [
        one for one in reminders.due_reports(factories.task_force()) if one.obligation_id == own.id
    ]
    assert owed.agency == "Dispora"
    factories.submit(own, story.focal_point)
    said = [mail for mail in db.session.scalars(sa.select(OutgoingEmail)) if mail.kind == "sent"]
    assert said
    for mail in said:
        assert "Dispora" in mail.subject
        assert NEW not in mail.subject + mail.text
    write_comment(own.public_id, "@narahubung Tolong lihat.", by=story.secretariat)
    assert [one.agency for one in unanswered(own.task_force_id)] == ["Dispora"]


@SQLITE_ONLY
def test_more_time_is_given_under_the_name_of_the_period(
    app: flask.Flask, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        story = factories.story()
        rename("dispora", story.secretariat)
        email, key = factories.email_of(story.secretariat), story.period.public_id
        db.session.remove()
    shown = browser().sign_in(email, factories.PASSWORD).get(f"/periode/{key}").text
    assert '<option value="dispora">Dispora</option>' in shown
    assert NEW not in shown
