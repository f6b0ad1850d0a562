"""Every address that hands out a stored file: the same headers, a line on who took it, and 404
without a line where the bytes are missing."""

import re
from collections.abc import Callable
from datetime import date

import flask
import pytest
import sqlalchemy as sa

from coordinator.assignments.changes.assigning import keep_scan
from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.mapping.copies.models import TaskForceDecree
from coordinator.platform.audit.models import AccessLog
from coordinator.platform.audit.service import record
from coordinator.platform.files import storage
from coordinator.platform.files.receiving import Received
from coordinator.platform.files.service import stored_file
from tests import factories
from tests.conftest import Browser
from tests.engines import ROOT
from tests.platform.files.builders import jpeg
from tests.reporting.evidence.builders import lay, received, send
from tests.reporting.evidence.shared_file import SharedFile

HEADERS = (
    "Content-Type",
    "Content-Disposition",
    "Cache-Control",
    "Content-Security-Policy",
    "X-Content-Type-Options",
)
SANDBOX = "default-src 'none'; sandbox"
# By kind: the address, what the log calls it and by which subject, the name of the download (None
# where the file is shown), the bytes.
KINDS = {
    "evidence": ("/bukti/{evidence}", "evidence", "{evidence}", "foto.jpg"),
    "picture": ("/bukti/{evidence}/gambar", "evidence_preview", "{evidence}", None),
    "review": (
        "/tinjauan-bukti/{review}/berkas/{hidden}",
        "evidence_review",
        "{review}/{hidden}",
        "risalah.jpg",
    ),
    "basis": ("/penugasan/{assignment}/dasar", "basis", "{assignment}", "surat.jpg"),
    "decree": ("/kabupaten-kota/{force}/sk", "decree", "{force}", "sk"),
}


@transactional
def _keep_scans(shared: SharedFile, scan: Received) -> None:
    """Attach one scan to the assignment, and to the SK of the task force."""
    keep_scan([shared.story.assignment.id], scan)
    officer = shared.secretariat
    db.session.add(
        TaskForceDecree(
            task_force_id=officer.own_task_force_id,
            number="SK 1",
            signed_on=date(2026, 1, 2),
            file_id=stored_file(scan, field="scan").id,
            recorded_by_id=officer.account_id,
            recorded_at=now(),
        )
    )
    record("uji", by=None, subject=("uji", 1))


class Desk:
    """The secretariat at a browser, and the ids of all that it may download."""

    def __init__(self, app: flask.Flask, browser: Callable[[], Browser]) -> None:
        with app.app_context():
            shared = SharedFile()
            self.shas = [shared.sha256]
            review = shared.take_back()
            photo = received(jpeg(), name="foto.jpg")
            evidence_id = lay(shared.own_owed, shared.story.focal_point, photo)
            send(shared.own_owed, shared.story.focal_point)
            scan = received(b"surat", name="surat.jpg")
            _keep_scans(shared, scan)
            self.shas += [photo.sha256, scan.sha256]
            self.ids = {
                "evidence": evidence_id,
                "hidden": shared.theirs,
                "review": review.public_id,
                "assignment": shared.story.assignment.public_id,
                "force": factories.task_force().code,
            }
            email = factories.email_of(shared.secretariat)
            db.session.remove()
        self.officer = browser().sign_in(email, factories.PASSWORD)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kind", KINDS)
def test_a_stored_file_leaves_in_one_way(
    kind: str, app: flask.Flask, browser: Callable[[], Browser]
) -> None:
    desk = Desk(app, browser)
    path, what, subject, name = KINDS[kind]
    answer = desk.officer.get(path.format_map(desk.ids))
    assert {header: answer.headers.get(header) for header in HEADERS} == {
        "Content-Type": "image/jpeg",
        "Content-Disposition": name and f"attachment; filename={name}",
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": SANDBOX,
        "X-Content-Type-Options": "nosniff",
    }
    noted = [(what, subject.format_map(desk.ids))]
    with app.app_context():
        query = sa.select(AccessLog.what, AccessLog.subject_id)
        assert [tuple(row) for row in db.session.execute(query)] == noted
        db.session.remove()
        for sha256 in desk.shas:
            storage.current().remove(sha256)
    missing = desk.officer.get(path.format_map(desk.ids), status=404)
    assert "tidak ditemukan di penyimpanan" in missing.text
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(AccessLog)) == 1


def test_bytes_leave_through_one_door() -> None:
    """Anyone who adds another way to open a stored file must say why it cannot be under review."""
    opening = re.compile(r"storage\.path_of|storage\.current\(\)\.open")
    door = re.compile(r"from coordinator\.platform\.files\.handing_out import")
    texts = {
        path.relative_to(ROOT / "coordinator").as_posix(): path.read_text("utf-8")
        for path in (ROOT / "coordinator").rglob("*.py")
    }
    assert {
        name
        for name, text in texts.items()
        if opening.search(text) and "coordinator.platform.files" in text
    } == {"platform/files/handing_out.py"}
    assert {name for name, text in texts.items() if door.search(text)} == {
        "reporting/evidence/handing_out.py",  # a use under review has no file
        "reporting/evidence_pages/views.py",  # what evidence/handing_out.py opened
        "reporting/verification/preview_views.py",  # the same
        "reporting/evidence_pages/review_views.py",  # who decides about it sees it
        "assignments/pages/views.py",  # the scan of an assignment's letter: no evidence
        "mapping/text_checks/text_views.py",  # the text of a law: no evidence
        "mapping/decrees/views.py",  # the scan of a signed decree: no evidence
        "mapping/copies/views.py",  # the decree of a task force: no evidence
    }
