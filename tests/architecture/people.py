"""One person of each kind of access, and things for the placeholders of every address."""

import re
from dataclasses import dataclass
from datetime import date

import flask
import pytest
import sqlalchemy as sa

from coordinator.assignments.letters import service as letters
from coordinator.assignments.obligations.models import Obligation
from coordinator.db import db, transactional
from coordinator.mapping.answers import service as answers
from coordinator.mapping.answers.models import DutyResponse
from coordinator.mapping.answers.rules import Answer
from coordinator.mapping.duties import queries as duty_queries
from coordinator.mapping.duties.models import Duty
from coordinator.people.accounts import service as accounts
from coordinator.periods import planning
from coordinator.periods.models import ReportingPeriod
from coordinator.periods.rules import Window
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.background_jobs import running
from coordinator.platform.background_jobs import service as background_jobs
from coordinator.platform.mail import service as mail
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.reporting.decisions.service import request_decision
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.reports.models import Report, ReportRevision
from tests import factories
from tests.assignments.letters.builders import head
from tests.conftest import Browser
from tests.mapping.decrees.builders import keep_decree, received
from tests.reporting.evidence.builders import picture


@dataclass(frozen=True)
class World:
    """People by name, and what the placeholders stand for."""

    browsers: dict[str, Browser]
    values: dict[str, str]


@transactional
def _deliver(email_id: int) -> None:
    claimed = mail.claim_next("uji")
    assert claimed is not None
    assert claimed.id == email_id
    mail.mark_sent(email_id, "uji", answer="250 ok")


@pytest.fixture
def world(app: flask.Flask) -> World:
    """One of each access, one report with a file and one delivered mail to its writer."""
    with app.app_context():
        story = factories.story()
        obligation = factories.obligation_of(story.assignment, "dispora")
        people = {
            "focal_point": story.focal_point,
            "other_agency": factories.person(AccessKind.FOCAL_POINT, "disdikbud"),
            "head": factories.person(AccessKind.AGENCY_HEAD, "dispora"),
            "secretariat": story.secretariat,
            "leadership": story.leadership,
            "auditor": factories.person(AccessKind.AUDITOR, home="inspektorat"),
            "administrator": factories.person(AccessKind.ADMINISTRATOR),
        }
        fields = factories.draft_for(obligation)
        version = str(factories.obligation_version(obligation))
        report_id, assignment_id = obligation.public_id, story.assignment.public_id
        action_id = factories.action("1.2").public_id
        window = Window(date(2027, 4, 1), date(2027, 4, 15))
        planning.plan_year(
            2027,
            [planning.PlannedPeriod("", "Triwulan I", date(2027, 1, 1), date(2027, 3, 31), window)],
            by=story.secretariat,
        )
        period_id = db.session.scalars(
            sa.select(ReportingPeriod.public_id).where(ReportingPeriod.year == 2027)
        ).one()
        duty = duty_queries.duties(people["head"], agency_id=people["head"].own_agency_id)[-1]
        question_id = answers.answer_duty(
            duty.duty_id, Answer.NEEDS_EXPLANATION, reason="Sejauh apa?", by=people["head"]
        ).public_id
        _account, token = accounts.invite(
            accounts.NewPerson(
                email="baru@uji.example",
                name="Baru",
                kind=AccessKind.LEADERSHIP,
                task_force_id=story.secretariat.task_force_id,
            ),
            by=None,
            secret_key=app.config["SECRET_KEY"],
        )
        own_mail = db.session.scalars(
            sa.select(OutgoingEmail)
            .where(OutgoingEmail.account_id == story.focal_point.account_id)
            .order_by(OutgoingEmail.id)
        ).first()
        assert own_mail is not None
        email_id = own_mail.id
        letter_id = letters.make_letter("dispora", head(), by=story.secretariat).public_id
        _make_due(email_id)
        _deliver(email_id)
        decree_id = keep_decree(story.secretariat, received())
        task_id = background_jobs.enqueue("uji", title="Uji", params={}, by=story.leadership)
        running.run_queued(
            {"uji": lambda _work: running.Product("", "uji.txt", "text/plain", b"x")}
        )
        tokens = {
            name: accounts.open_session(
                account_id=viewer.account_id or 0, address="127.0.0.1", browser="uji"
            )
            for name, viewer in people.items()
        }
    browsers = {"anonymous": Browser(app)}
    for name, session_token in tokens.items():
        # Signed in without the third of a second that checking a password takes.
        browsers[name] = Browser(app)
        with browsers[name].client.session_transaction() as cookie:
            cookie["_user_id"] = session_token
    page = browsers["focal_point"].get(f"/laporan/{report_id}").text
    key = re.search(r'name="form_key"[^>]*value="([^"]+)"', page)
    assert key
    sent = {**fields, "form_key": key[1], "version": version, "confirmed": "y"}
    browsers["focal_point"].post(
        f"/laporan/{report_id}/kirim",
        {**sent, "files": [picture()]},
        page=f"/laporan/{report_id}",
    )
    with app.app_context():
        duty_id = db.session.scalars(
            sa.select(Duty.public_id)
            .join(DutyResponse, DutyResponse.duty_id == Duty.id)
            .where(DutyResponse.public_id == question_id)
        ).one()
        evidence_id = db.session.scalars(sa.select(Evidence.public_id)).one()
        asked = _ask(report_id, story.focal_point)
        account_id = db.session.scalar(
            sa.text("SELECT public_id FROM account WHERE email = 'baru@uji.example'")
        )
    values = {
        "token": token,
        "email_id": str(email_id),
        "answer_id": "999999",
        "assignment_id": assignment_id,
        "action_id": action_id,
        "report_id": report_id,
        "evidence_id": evidence_id,
        "review_id": "nobodys",
        "request_id": asked,
        "sampled_id": "nobodys",
        "slug": "dispora",
        "code": "64",
        "below": "64.71",
        "task_id": task_id,
        "decree_id": decree_id,
        "duty_id": duty_id,
        "question_id": question_id,
        "campaign_id": "nobodys",
        "published_id": "tidakada1234",
        "key": "dispora",  # an agency; no duty, instrument or pokja has this id
        "number": "1",
        "period_id": period_id,
        "year": "2027",
        "step": "1",
        "on": "2026-12-25",
        "account_id": str(account_id),
        "import_id": "nobodys",
        "batch_id": "nobodys",
        "handover_id": "nobodys",
        "right_id": "nobodys",
        "step_id": "nobodys",
        "text_id": "nobodys",
        "proposal_id": "nobodys",
        "letter_id": letter_id,
        "view_id": "nobodys",
        "session_id": "nobodys",  # ending one's own would end the test
    }
    return World(browsers, values)


@transactional
def _ask(report_id: str, by: Viewer) -> str:
    """Let the report ask for a decision; return the id of what it asks."""
    revision = db.session.scalars(
        sa.select(ReportRevision)
        .join(Report, Report.id == ReportRevision.report_id)
        .join(Obligation, Obligation.id == Report.obligation_id)
        .where(Obligation.public_id == report_id)
    ).one()
    request = request_decision(revision, "Siapa yang menyediakan data?", "Sekda", by=by)
    assert request is not None
    return request.public_id


@transactional
def _make_due(email_id: int) -> None:
    """Let this mail be the next to leave."""
    row = db.session.get_one(OutgoingEmail, email_id)
    row.not_before = row.queued_at.replace(year=2020)
