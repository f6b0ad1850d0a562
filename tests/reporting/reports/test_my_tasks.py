"""Tugas saya: the order of many rows over pages, the numbers of all of them, what a page costs."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import flask
import pytest
import sqlalchemy as sa

from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.assignments.obligations.models import Obligation
from coordinator.clock import now, today
from coordinator.db import db
from coordinator.permissions import Viewer
from coordinator.reporting.report_pages.queries import tasks_page
from coordinator.reporting.report_pages.statement_queries import TaskPart
from coordinator.reporting.reports.models import Report, ReportRevision
from coordinator.reporting.reports.rules import ReportKind, ReportState, ReturnReason, SubmittedVia
from coordinator.reporting.verification.returning_service import default_revise_by, return_report
from coordinator.reporting.verification.rules import ReturnInput
from tests import factories
from tests.assignments.obligations.builders import rename
from tests.conftest import Browser
from tests.statements import queries

FRAME = 3  # who is signed in, what waits for them, whether there is sample data
PAGE = 4
BIG = "obligation|report|report_revision|assignment_party|audit_entry|outgoing_email"
FIRST = 100_000  # ids of the rows that are written here


def _write(model: Any, rows: list[dict[str, Any]]) -> None:
    with db.engine.connect().execution_options(writing=True) as connection:
        for start in range(0, len(rows), 5000):
            connection.execute(sa.insert(model), rows[start : start + 5000])
        connection.commit()


def owe(story: factories.Story, days: list[date], *, states: list[ReportState | None]) -> None:
    """Give Dispora an obligation of the open period for each last day, with a report in a state."""
    db.session.rollback()
    first = db.session.get_one(Assignment, story.assignment.id)
    period_id, agency_id = story.period.id, story.focal_point.own_agency_id
    same = {
        column.key: getattr(first, column.key)
        for column in sa.inspect(Assignment).column_attrs
        if column.key not in ("id", "public_id", "part", "form_key")
    }
    account = story.focal_point.account_id
    numbers = range(FIRST, FIRST + len(days))
    db.session.rollback()
    _write(Assignment, [same | {"id": n, "public_id": f"t{n}", "part": f"{n}"} for n in numbers])
    party = {"agency_id": agency_id, "kind": "lead"}
    _write(AssignmentParty, [party | {"id": n, "assignment_id": n} for n in numbers])
    owed = {
        "period_id": period_id,
        "task_force_id": same["task_force_id"],
        "agency_id": agency_id,
        "working_group_id": same["working_group_id"],
    }
    _write(
        Obligation,
        [
            owed | {"id": n, "public_id": f"kb{n}", "party_id": n, "due_on": day}
            for n, day in zip(numbers, days, strict=True)
        ],
    )
    at = now()
    sent = {"kind": ReportKind.ACHIEVEMENT, "first_submitted_at": at, "submitted_at": at}
    verified = {"verified_at": at, "verified_by_id": account}
    unsent = dict.fromkeys((*sent, *verified))
    reports = [
        {"id": n, "obligation_id": n, "state": state, "saved_at": at, "saved_by_id": account}
        | unsent
        | (sent if state in (ReportState.SUBMITTED, ReportState.VERIFIED) else {})
        | (verified if state is ReportState.VERIFIED else {})
        for n, state in zip(numbers, states, strict=True)
        if state is not None
    ]
    _write(Report, reports)
    revision = {"number": 1, "kind": ReportKind.ACHIEVEMENT, "via": SubmittedVia.SCREEN}
    by = {"submitted_at": at, "submitted_by_id": account}
    _write(
        ReportRevision,
        [
            revision | by | {"id": one["id"], "report_id": one["id"]}
            for one in reports
            if one["kind"]
        ],
    )


def _main(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html[html.index("<main") :]).split())


@pytest.mark.usefixtures("in_app")
def test_a_page_reads_four_statements() -> None:
    """Also where rows need names of then, and days off: more rows never mean more statements."""
    story = factories.story()
    factories.submit(factories.obligation_of(story.assignment, "disnakertrans"), story.supporter)
    another = factories.assign(
        story.secretariat, "2.1", support=("disnakertrans",), join=story.period
    )
    rename("dispora", story.secretariat)
    assert another.id
    db.session.remove()
    with queries() as read:
        page = tasks_page(story.supporter, today(), page=1)
    assert page.urgent is not None
    assert page.urgent.lead == "Dispora"  # as it was called then
    assert [line.part for line in page.lines] == [TaskPart.QUIET]
    assert page.lines[0].verify_by is not None
    assert len(read) == PAGE


def test_the_whole_page_reads_no_more_than_its_frame_and_its_rows(
    app: flask.Flask, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        story = factories.story()
        owe(story, [today()] * 60, states=[None] * 60)
        mail = factories.email_of(story.focal_point)
        db.session.remove()
    person = browser().sign_in(mail, factories.PASSWORD)
    with app.app_context(), queries() as read:
        person.get("/tugas-saya")
    assert len(read) <= FRAME + PAGE, "\n".join(text for text, _values in read)


def test_the_overdue_come_first_however_many_pages_that_takes(
    app: flask.Flask, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        story = factories.story()
        on = today()
        late = [on - timedelta(days=1 + n % 9) for n in range(60)]
        ahead = [on + timedelta(days=3 + n % 6 * 2) for n in range(40)]  # 3, 5, 7, 9, 11, 13
        sent = [ReportState.SUBMITTED, ReportState.VERIFIED] * 10
        owe(story, [*late, *ahead, *[on] * 20], states=[*[None] * 100, *sent])
        soon = sum(day <= on + timedelta(days=7) for day in ahead) + 1  # and the story's own
        mail = factories.email_of(story.focal_point)
        due = {f"kb{FIRST + n}": day for n, day in enumerate([*late, *ahead])}
        due[factories.obligation_of(story.assignment, "dispora").public_id] = story.period.closes_on
        db.session.remove()
    person = browser().sign_in(mail, factories.PASSWORD)
    shown: list[str] = []
    texts = []
    for number in (1, 2, 3):
        html = person.get(f"/tugas-saya?halaman={number}").text
        rows = list(dict.fromkeys(re.findall(r'href="/laporan/([\w-]+)"', html)))
        assert len(rows) == (50, 50, 21)[number - 1]
        shown += rows
        texts.append(_main(html))
    assert len(set(shown)) == 121  # every row once
    order = [due[one] for one in shown[:101]]
    assert order == sorted(order)
    assert set(shown[:60]) == {f"kb{FIRST + n}" for n in range(60)}
    for text in texts:
        assert "101 laporan yang harus dikirim . 60 sudah lewat batas." in text
    assert texts[0].count("Terlambat 9 hari. Jatuh tempo") == 1  # the urgent one, once
    assert "Jatuh tempo minggu ini" not in texts[0]
    # Numbers are of all rows, on any page with the heading.
    for text in texts[:2]:
        assert "Juga lewat batas 59 laporan" in text
    for text in texts[1:]:
        assert f"Sesudah itu {41 - soon} laporan" in text
    assert f"Jatuh tempo minggu ini {soon} laporan" in texts[1]
    assert "Tidak perlu tindakan Anda sekarang 20" in texts[2]
    assert "Halaman 1 dari 3 Berikutnya" in texts[0]
    assert "Sebelumnya Halaman 3 dari 3" in texts[2]


def test_what_fits_one_page_has_no_pages(app: flask.Flask, browser: Callable[[], Browser]) -> None:
    with app.app_context():
        story = factories.story()
        owe(story, [today()] * 49, states=[None] * 49)
        mail = factories.email_of(story.focal_point)
        db.session.remove()
    text = _main(browser().sign_in(mail, factories.PASSWORD).get("/tugas-saya").text)
    assert "50 laporan yang harus dikirim" in text
    assert "Halaman" not in text


@pytest.mark.usefixtures("in_app")
def test_what_was_sent_is_kept_on_its_obligation() -> None:
    story = factories.story()
    own = factories.obligation_of(story.assignment, "dispora")
    verifier = factories.person(story.secretariat.kind, home="biro-kesra", email="v@uji.example")

    def is_sent() -> bool:
        db.session.expire_all()
        return db.session.get_one(Obligation, own.id).is_sent

    def send_back(viewer: Viewer) -> None:
        words = ReturnInput(1, ReturnReason.OTHER, "Lengkapi.", default_revise_by("Asia/Makassar"))
        return_report(own.public_id, words, by=viewer)

    assert not is_sent()
    factories.submit(own, story.focal_point)
    assert is_sent()
    send_back(verifier)
    assert not is_sent()
    assert [one.is_open for one in [tasks_page(story.focal_point, today(), page=1).urgent] if one]
    factories.submit(own, story.focal_point)
    assert is_sent()
    assert tasks_page(story.focal_point, today(), page=1).open == 0


@pytest.mark.usefixtures("in_app")
def test_no_big_table_is_read_from_end_to_end(engine_name: str) -> None:
    story = factories.story()
    cycle = (None, ReportState.SUBMITTED, *[ReportState.VERIFIED] * 18)
    states = [cycle[n % 20] for n in range(20_000)]
    owe(story, [today()] * 20_000, states=states)
    db.session.remove()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    with queries() as read:
        tasks_page(story.focal_point, today(), page=1)
    db.session.remove()
    is_sqlite = engine_name == "sqlite"
    plans = []
    with db.engine.connect() as connection:
        if not is_sqlite:
            connection.exec_driver_sql("SET enable_seqscan = off")
        for text, values in read:
            explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
            plans += [str(row[-1]) for row in connection.exec_driver_sql(explain + text, values)]
    assert any("ix_obligation_unsent" in line for line in plans), plans
    whole = re.compile(rf"(SCAN|Seq Scan on|BLOOM FILTER ON) ({BIG})(_\d+)?\b")
    assert [line for line in plans if whole.search(line)] == []
