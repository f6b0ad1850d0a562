"""The main job over HTTP, both engines, no script: assign, report, return, correct, verify."""

import io
import re
from collections.abc import Callable

import flask
import pytest
import sqlalchemy as sa

from coordinator.db import db
from coordinator.permissions import AccessKind
from coordinator.platform.audit.models import AuditEntry
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.reporting.reports.models import Report, ReportRevision
from tests import factories
from tests.conftest import Browser
from tests.reporting.evidence.builders import picture


@pytest.fixture
def people(app: flask.Flask) -> dict[str, str]:
    """A secretariat, a focal point and the leadership, with an open period."""
    with app.app_context():
        viewers = {
            "secretariat": factories.person(AccessKind.SECRETARIAT, home="biro-kesra"),
            "focal_point": factories.person(AccessKind.FOCAL_POINT, "dispora"),
            "leadership": factories.person(AccessKind.LEADERSHIP, home="biro-kesra"),
        }
        factories.open_period()
        return {name: factories.email_of(viewer) for name, viewer in viewers.items()}


def test_from_assignment_to_matrix(
    app: flask.Flask, people: dict[str, str], browser: Callable[[], Browser]
) -> None:
    secretariat = browser().sign_in(people["secretariat"], factories.PASSWORD)
    plan = secretariat.get("/rencana").text
    form = re.search(r'href="(/penugasan/baru/[^"]+)"', plan)
    assert form
    page = secretariat.get(form[1]).text
    key = re.search(r'name="form_key"[^>]*value="([^"]+)"', page)
    target = re.search(r'name="(target-\d+)"', page)
    assert key
    assert target
    answer = secretariat.post(
        form[1],
        {
            "form_key": key[1],
            "lead": "dispora",
            "support": ["disnakertrans"],
            "basis_kind": "letter",
            "basis_reference": "463/12/GT",
            "basis_on": "2026-10-01",
            "due_on": "31/12/2026",
            target[1]: "12",
            "join": "y",
        },
    )
    assert "Dispora" in secretariat.get(answer.location).text

    focal_point = browser().sign_in(people["focal_point"], factories.PASSWORD)
    tasks = focal_point.get("/tugas-saya").text
    report = re.search(r'href="(/laporan/[^"#]+)"', tasks)
    assert report
    form_page = focal_point.get(report[1]).text
    fields = list(dict.fromkeys(re.findall(r'name="(value-\d+)"', form_page)))
    sent = _send(focal_point, report[1], fields, "5", [picture()])
    receipt = focal_point.get(sent.location).text
    number = re.search(r"LAP-2026-\d{5}", receipt)
    assert number

    queue = secretariat.get("/verifikasi").text
    verify = re.search(r'href="(/verifikasi/[^"?]+)"', queue)
    assert verify
    secretariat.post(
        verify[1],
        {
            "revision": "1",
            "verdict": "return",
            "return_reason": "evidence_undated",
            "remark": "Tambahkan tanggal.",
            "mend_by_on": "2026-10-16",
        },
    )
    assert "Tambahkan tanggal." in focal_point.get(report[1]).text
    _send(focal_point, report[1], fields, "5", [])
    files = re.findall(r'name="files" value="([^"]+)"', secretariat.get(verify[1]).text)
    assert files  # a photo waits for somebody's eyes
    secretariat.post(
        verify[1],
        {
            "revision": "2",
            "files": files,
            "verdict": "partial",
            fields[0]: "4",
            **dict.fromkeys(fields[1:], "5"),
            "shortfall_reason": "no_dated_report",
            "identity_checked": "y",
        },
    )
    leadership = browser().sign_in(people["leadership"], factories.PASSWORD)
    matrix = leadership.get("/matriks?lapis=terverifikasi").text
    for label in ("Dilaporkan", "Terverifikasi"):
        assert f'data-label="{label}">1</td>' in matrix
    drill = leadership.get("/matriks/dispora").text
    assert report[1] in drill
    assert "5 kegiatan" in drill
    assert "4 kegiatan" in drill
    csv = leadership.get("/matriks.csv?lapis=lapor").data.decode("utf-8-sig")
    assert "Dispora;Dinas Pemuda dan Olahraga;" in csv

    with app.app_context():
        actions = set(db.session.scalars(sa.select(AuditEntry.action)))
        assert {
            "action.assigned",
            "assignment.joined_period",
            "report.draft_saved",
            "report.submitted",
            "report.returned",
            "report.verified",
        } <= actions
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Report)) == 1
        revisions = list(
            db.session.scalars(sa.select(ReportRevision).order_by(ReportRevision.number))
        )
        assert [len(revision.evidence) for revision in revisions] == [1, 1]
        kinds = list(
            db.session.scalars(
                sa.select(OutgoingEmail.kind).where(
                    OutgoingEmail.to_address == people["focal_point"]
                )
            )
        )
        assert kinds == ["assigned", "sent", "returned", "sent"]


def _send(
    browser: Browser, path: str, fields: list[str], value: str, files: list[tuple[io.BytesIO, str]]
) -> object:
    page = browser.get(path).text
    key = re.search(r'name="form_key"[^>]*value="([^"]+)"', page)
    version = re.search(r'name="version" value="(\d+)"', page)
    assert key
    assert version
    return browser.post(
        path,
        {
            "form_key": key[1],
            "version": version[1],
            "kind": "achievement",
            **dict.fromkeys(fields, value),
            "note": "Lima lembaga didatangi.",
            "confirmed": "y",
            "files": files,
            "act": "kirim",
        },
    )
