"""The evening the national plan appears, for tests: who holds what, and the matrix."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import flask
import sqlalchemy as sa

from coordinator.assignments.models import Assignment, AssignmentTarget
from coordinator.db import db
from coordinator.people.directory.models import Agency
from coordinator.permissions import AccessKind, Viewer
from coordinator.plans.actions.models import Indicator
from coordinator.reporting.verification.rules import VerifyInput
from coordinator.reporting.verification.service import verify_report
from tests import factories
from tests.conftest import Browser
from tests.plans.actions.builders import seed_plan
from tests.plans.versions.importing import choices_of, read_waiting, upload
from tests.plans.versions.ministry import Ministry

HELD = {
    "dispora": "1.1",  # the same action; its first target is the plan's
    "satpol-pp": "1.2",  # another title; a target of its own
    "disdikbud": "1.3",  # another title
    "dpmpd": "1.5",  # not in the matrix
    "disnakertrans": "1.7",  # measured otherwise
}
STOPPED = {"missing": "discontinue", "missing_reason": "Tidak ada"}
BASIS = "Perpres 1/2026 (DATA CONTOH)"


@dataclass(frozen=True)
class Evening:
    """The secretariat, the matrix, and who held what before it came."""

    secretariat: Viewer
    office: Browser
    ministry: Ministry
    assignments: dict[str, int]
    report: str  # Dispora's, verified


def build(app: flask.Flask, browser: Callable[[], Browser]) -> Evening:
    """Five agencies hold actions of the sample; a report of Dispora's is verified."""
    with app.app_context():
        secretariat = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
        period = factories.open_period()
        held = {}
        for slug, code in HELD.items():
            people = factories.person(AccessKind.FOCAL_POINT, slug)
            first = factories.action(code).indicators[0]
            own = Decimal(5) if slug == "satpol-pp" else first.targets[1].value
            given = factories.assign(secretariat, code, slug, join=period, targets={first.id: own})
            held[slug] = given.id
            if slug == "dispora":
                owed = factories.obligation_of(given, slug)
                report = owed.public_id
                factories.submit(owed, people, "4")
                verify_report(report, VerifyInput(1, identity_checked=True), by=secretariat)
        names = {row.key: row.abbreviation for row in db.session.scalars(sa.select(Agency))}
        address = factories.email_of(secretariat)
    office = browser().sign_in(address, factories.PASSWORD)
    return Evening(secretariat, office, Ministry(seed_plan(), names), held, report)


def read_matrix(app: flask.Flask, evening: Evening, **more: str) -> tuple[str, str]:
    """Upload the matrix, confirm the columns, and answer what is asked; return the import's address
    and its preview."""
    office = evening.office
    path = upload(app, office, evening.ministry.book(), name="matriks.xlsx")
    page = office.get(path).text
    wanted = {
        "standing": "enacted",
        "title": "RAN PP TPPO 2025-2029",
        "basis": BASIS,
        "source": "Surat kementerian (DATA CONTOH)",
        **more,
    }
    for _round in range(3):
        choices = choices_of(page)
        groups = {n: "pencegahan" for n in choices if n.startswith("pokja-") and not choices[n]}
        words = "Ya: Perusahaan dan lembaga yang diawasi"
        answers = {question_about(page, words): "new"} if words in page else {}
        office.post(path, {**choices, **groups, **answers, **wanted})
        read_waiting(app)
        page = office.get(path).text
        if "Pratinjau impor" in page:
            return path, page
    raise AssertionError(re.findall(r'class="note.*?</div>', page, re.S))


def question_about(page: str, words: str) -> str:
    """Return the field of the question that offers these words."""
    for name, body in re.findall(r'<select[^>]*name="(jawab-\d+)"[^>]*>(.*?)</select>', page, re.S):
        if words in body:
            return str(name)
    raise AssertionError(words)


def assignment_of(evening: Evening, slug: str) -> Assignment:
    return db.session.get_one(Assignment, evening.assignments[slug])


def targets_of(evening: Evening, slug: str) -> dict[str, Decimal]:
    """This year's targets of an agency's assignment, by the indicator's name."""
    rows = db.session.execute(
        sa.select(Indicator.name, AssignmentTarget.value)
        .join(Indicator, Indicator.id == AssignmentTarget.indicator_id)
        .where(
            AssignmentTarget.assignment_id == evening.assignments[slug],
            AssignmentTarget.year == 2026,
        )
    )
    return {row.name: row.value for row in rows}
