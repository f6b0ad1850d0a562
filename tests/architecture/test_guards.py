"""Every route against every kind of access: what is not declared here fails the test."""

import hashlib
import itertools
import re
from collections.abc import Iterator
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
from coordinator.reporting.drafts.service import save_draft
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.report_form.editors import FormAction
from coordinator.reporting.reports.models import Report, ReportRevision
from coordinator.web import PUBLIC, SIGNED_IN
from tests import factories
from tests.assignments.letters.builders import head
from tests.conftest import Browser, csrf_token
from tests.journeys.test_http_story import picture

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)

ACTORS = (
    "anonymous",
    "focal_point",  # Dispora, who leads the assignment and reported
    "other_agency",  # Disdikbud, who has nothing to do with it
    "head",  # head of Dispora
    "secretariat",
    "leadership",
    "auditor",
    "administrator",
)
TO_SIGN_IN = 302  # anonymous is sent to /masuk; signed-in people are never sent anywhere


def row(
    anonymous: int,
    focal_point: int,
    other_agency: int,
    head: int,
    secretariat: int,
    leadership: int,
    auditor: int,
    administrator: int,
) -> dict[str, int]:
    """One line of the table, in the order of ACTORS."""
    values = (
        anonymous,
        focal_point,
        other_agency,
        head,
        secretariat,
        leadership,
        auditor,
        administrator,
    )
    return dict(zip(ACTORS, values, strict=True))


EVERYBODY = row(200, 200, 200, 200, 200, 200, 200, 200)
SIGNED_IN_PEOPLE = row(302, 200, 200, 200, 200, 200, 200, 200)
IN_A_TASK_FORCE = row(302, 200, 200, 200, 200, 200, 200, 403)
AGENCIES = row(302, 200, 200, 200, 403, 403, 403, 403)
SECRETARIAT = row(302, 403, 403, 403, 200, 403, 403, 403)
READERS = row(302, 403, 403, 403, 200, 200, 200, 403)
MANAGERS = row(302, 403, 403, 403, 200, 403, 403, 200)
ADMINISTRATORS = row(302, 403, 403, 403, 403, 403, 403, 200)
# Dispora's card, not published: its own people and those who look after the task force.
DRAFT_READERS = row(404, 200, 404, 200, 200, 200, 200, 404)
# Work the leadership asked for: its own, and the secretariat's of the same task force.
OWN_WORK = row(302, 404, 404, 404, 200, 200, 404, 404)
MANAGERS_OF_BELOW = row(302, 403, 403, 403, 200, 403, 403, 404)  # the installation has no below
# A letter to Dispora: its own people, and those who read assignments.
LETTER_READERS = row(302, 200, 404, 200, 200, 200, 200, 404)
MAIL_READERS = row(302, 403, 403, 403, 200, 403, 200, 200)

# GET by rule. Placeholders are filled with ids of the Dispora report and its assignment.
# A thing the viewer may not see is 404 (it does not exist for them); a page they may not open, 403.
GETS: dict[str, dict[str, int]] = {
    "/": row(302, 302, 302, 302, 302, 302, 302, 302),
    "/masuk": row(200, 302, 302, 302, 302, 302, 302, 302),
    "/bantuan": EVERYBODY,
    "/privasi": EVERYBODY,
    "/aksesibilitas": EVERYBODY,
    "/sehat": EVERYBODY,
    "/siap": row(503, 503, 503, 503, 503, 503, 503, 503),  # no scheduler runs in this test
    "/undangan/<token>": EVERYBODY,
    "/akses": SIGNED_IN_PEOPLE,
    "/akun": SIGNED_IN_PEOPLE,
    "/kotak-masuk": SIGNED_IN_PEOPLE,
    "/kotak-masuk/<int:email_id>": row(302, 200, 404, 404, 404, 404, 404, 404),
    "/kotak-masuk/<int:email_id>/isi": row(302, 200, 404, 404, 404, 404, 404, 404),
    "/aktivasi": EVERYBODY,
    "/gugus-tugas": ADMINISTRATORS,
    "/gugus-tugas/<code>": ADMINISTRATORS,
    "/orang": MANAGERS,
    "/orang/undang": MANAGERS,
    "/orang/<account_id>": MANAGERS,
    "/orang/<account_id>/serah-terima": row(302, 404, 404, 404, 404, 403, 403, 403),
    "/orang/serah-terima/<handover_id>": row(302, 404, 404, 404, 404, 403, 403, 403),
    "/orang/surel/<int:email_id>": row(302, 403, 403, 403, 303, 403, 403, 303),
    "/orang/instansi": SECRETARIAT,
    "/orang/instansi/<slug>": SECRETARIAT,
    "/orang/surat": MANAGERS,
    "/orang/impor": SECRETARIAT,
    "/orang/impor/templat.xlsx": SECRETARIAT,
    "/orang/impor/<import_id>": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/orang/impor/<import_id>/galat.csv": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/peran": IN_A_TASK_FORCE,
    "/peran.csv": IN_A_TASK_FORCE,
    "/peran.xlsx": IN_A_TASK_FORCE,
    "/peran.pdf": IN_A_TASK_FORCE,
    "/kartu-peran": SECRETARIAT,
    "/kartu-peran/<code>/<slug>": DRAFT_READERS,
    "/kartu-peran/<code>/<slug>.pdf": DRAFT_READERS,
    "/lambang/<code>.png": row(404, 404, 404, 404, 404, 404, 404, 404),  # none was given
    "/pengaturan/kop": SECRETARIAT,
    "/pekerjaan": SIGNED_IN_PEOPLE,
    "/pekerjaan/<task_id>": OWN_WORK,
    "/pekerjaan/<task_id>/keadaan": OWN_WORK,
    "/pekerjaan/<task_id>/berkas": OWN_WORK,
    "/peran/ubah": SECRETARIAT,
    "/peran/ubah/pemetaan.yaml": SECRETARIAT,
    "/peran/ubah/tugas": SECRETARIAT,
    "/peran/ubah/tugas/baru": SECRETARIAT,
    "/peran/ubah/tugas/<key>": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/peran/ubah/pembaruan": row(302, 403, 403, 403, 404, 403, 403, 403),  # none is offered
    "/peran/ubah/instansi": SECRETARIAT,
    "/peran/ubah/instansi/baru": SECRETARIAT,
    "/peran/ubah/instansi/<key>": SECRETARIAT,
    "/peran/ubah/dasar": SECRETARIAT,
    "/peran/ubah/dasar/baru": SECRETARIAT,
    "/peran/ubah/dasar/<key>": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/peran/ubah/pokja": SECRETARIAT,
    "/peran/ubah/pokja/baru": SECRETARIAT,
    "/peran/ubah/pokja/<key>": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/peran/versi": IN_A_TASK_FORCE,
    "/peran/versi/<int:number>": IN_A_TASK_FORCE,
    "/kabupaten-kota": row(302, 403, 403, 403, 200, 200, 403, 403),
    "/kabupaten-kota/<below>": SECRETARIAT,
    "/kabupaten-kota/<below>/sekretariat": MANAGERS_OF_BELOW,
    "/kabupaten-kota/<below>/sk": row(302, 404, 404, 404, 404, 404, 404, 403),
    "/rencana": IN_A_TASK_FORCE,
    "/rencana.csv": IN_A_TASK_FORCE,
    "/rencana.xlsx": IN_A_TASK_FORCE,
    "/rencana/<action_id>": IN_A_TASK_FORCE,
    "/rencana/<action_id>/ubah": SECRETARIAT,
    "/rencana/<action_id>/hentikan": SECRETARIAT,
    "/rencana/baru/<key>": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/rencana/tentang/<key>": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/rencana/versi": IN_A_TASK_FORCE,
    "/rencana/versi/<key>/<int:number>": row(302, 404, 404, 404, 404, 404, 404, 403),
    "/rencana/impor": SECRETARIAT,
    "/rencana/impor/templat.xlsx": SECRETARIAT,
    "/rencana/impor/<import_id>": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/rencana/impor/<import_id>/galat.csv": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/periode": IN_A_TASK_FORCE,
    "/periode/tahun/<int:year>": SECRETARIAT,
    "/periode/<period_id>": row(302, 404, 404, 404, 200, 404, 404, 403),  # planned, not opened
    "/periode/<period_id>/buka/<int:step>": SECRETARIAT,
    "/periode/<period_id>/tutup": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/periode/<period_id>/buka-kembali": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/kalender": IN_A_TASK_FORCE,
    "/kalender/<token>.ics": row(404, 404, 404, 404, 404, 404, 404, 404),  # no feed's token
    "/pengaturan/hari-libur": MANAGERS,
    "/pengaturan/hari-libur/<on>": MANAGERS,
    "/pengingat": row(302, 200, 200, 200, 200, 403, 403, 403),
    "/penugasan": READERS,
    "/penugasan/<assignment_id>": READERS,
    "/penugasan/baru/<action_id>": SECRETARIAT,
    "/penugasan/<assignment_id>/dasar": row(302, 404, 404, 404, 404, 404, 404, 404),  # no scan
    "/penugasan/<assignment_id>/alihkan": SECRETARIAT,
    "/penugasan/<assignment_id>/pendukung": SECRETARIAT,
    "/penugasan/<assignment_id>/pecah": SECRETARIAT,
    "/penugasan/<assignment_id>/ubah": SECRETARIAT,
    "/penugasan/<assignment_id>/tutup": SECRETARIAT,
    "/penugasan/massal": SECRETARIAT,
    "/penugasan/massal/isi": row(302, 403, 403, 403, 303, 403, 403, 403),  # nothing was chosen
    "/penugasan/massal/<batch_id>": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/penugasan/usulan": SECRETARIAT,
    "/penugasan/usulan/<batch_id>": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/penugasan/usulan/aksi/<proposal_id>": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/penugasan/instansi": READERS,
    "/penugasan/instansi.csv": READERS,
    "/penugasan/instansi.xlsx": READERS,
    "/penugasan/surat": SECRETARIAT,
    "/penugasan/surat/<slug>": SECRETARIAT,
    "/surat-penugasan/<letter_id>.pdf": LETTER_READERS,
    "/surat-penugasan/<letter_id>.docx": LETTER_READERS,
    "/tugas-saya/surat": AGENCIES,
    "/tampilan": SIGNED_IN_PEOPLE,
    "/cari": SIGNED_IN_PEOPLE,
    "/tugas-saya": AGENCIES,
    "/tugas-saya/lalu": AGENCIES,
    "/laporan/<report_id>": row(302, 200, 404, 200, 200, 200, 200, 404),
    "/laporan/<report_id>/periksa": row(302, 302, 404, 403, 403, 403, 403, 403),
    "/laporan/<report_id>/persetujuan": row(302, 403, 403, 302, 403, 403, 403, 403),
    "/laporan/<report_id>/atas-nama": row(302, 403, 403, 403, 302, 403, 403, 403),
    "/laporan/<report_id>/tanda-terima": row(302, 200, 404, 200, 200, 200, 200, 404),
    "/laporan/<report_id>/tanda-terima.pdf": row(302, 200, 404, 200, 200, 200, 200, 404),
    # The world's token is an invitation's: as a report's link it never was one.
    "/l/<token>": row(410, 410, 410, 410, 410, 410, 410, 410),
    "/l/<token>/periksa": row(410, 410, 410, 410, 410, 410, 410, 410),
    "/tugas-saya/lembar": row(302, 200, 200, 403, 403, 403, 403, 403),
    "/tugas-saya/lembar.xlsx": row(302, 200, 200, 403, 403, 403, 403, 403),
    "/pengaturan/pelaporan": SECRETARIAT,
    "/pengaturan/persetujuan-kepala": row(302, 403, 403, 200, 403, 403, 403, 403),
    "/bukti/<evidence_id>": row(302, 200, 404, 200, 200, 200, 200, 404),
    "/bukti/<evidence_id>/rincian": row(302, 200, 404, 200, 200, 200, 200, 404),
    "/bukti/<evidence_id>/gambar": row(302, 200, 404, 200, 200, 200, 200, 404),
    "/bukti/<evidence_id>/isi": row(302, 200, 404, 200, 200, 200, 200, 404),
    "/laporan/<report_id>/percakapan": row(302, 200, 404, 200, 200, 200, 200, 404),
    "/verifikasi": SECRETARIAT,
    "/verifikasi/<report_id>": SECRETARIAT,
    "/verifikasi/<report_id>/buka-kembali": row(302, 403, 403, 403, 302, 403, 403, 403),
    "/keputusan": READERS,
    "/keputusan/<request_id>": READERS,
    "/tinjauan-bukti": READERS,
    "/tinjauan-bukti/<review_id>": row(302, 403, 403, 403, 404, 404, 404, 403),
    # Only to decide, and only while it is open.
    "/tinjauan-bukti/<review_id>/berkas/<evidence_id>": row(302, 403, 403, 403, 404, 403, 403, 403),
    "/sampel": READERS,
    "/sampel.csv": row(302, 403, 403, 403, 404, 404, 404, 403),  # nothing was drawn
    "/sampel/laporan/<sampled_id>": row(302, 403, 403, 403, 404, 404, 404, 403),
    "/beranda": SECRETARIAT,
    "/matriks": READERS,
    "/matriks.csv": READERS,
    "/matriks/<slug>": READERS,
    "/surel": MAIL_READERS,
    "/jejak": MAIL_READERS,
    "/jawab": AGENCIES,
    "/jawab/<duty_id>": row(302, 200, 404, 200, 403, 403, 403, 403),
    "/tanya": row(302, 200, 200, 200, 200, 403, 200, 403),
    "/tanya/<question_id>": row(302, 200, 404, 200, 200, 403, 200, 403),
    "/tanya/<question_id>/tetapkan": SECRETARIAT,
    "/preseden": row(302, 200, 200, 200, 200, 403, 200, 403),
}

# POST by rule: who passes the guard. What the act then answers belongs to its own tests.
WRITERS = {"focal_point", "other_agency"}
ANSWERING = WRITERS | {"head"}
MANAGING = {"secretariat", "administrator"}
SIGNED = set(ACTORS) - {"anonymous"}
POSTS: dict[str, set[str]] = {
    "/masuk": set(ACTORS),
    "/keluar": set(ACTORS),
    "/undangan/<token>": set(ACTORS),
    "/akses": SIGNED,
    "/akun": SIGNED,
    "/akun/sesi/<session_id>/akhiri": SIGNED,
    "/aktivasi": set(ACTORS),
    "/gugus-tugas": {"administrator"},
    "/gugus-tugas/<code>": {"administrator"},
    "/orang/undang": MANAGING,
    "/orang/undang-semua": MANAGING,
    "/orang/<account_id>": MANAGING,
    "/orang/<account_id>/akhiri": MANAGING,
    "/orang/<account_id>/undang": MANAGING,
    "/orang/<account_id>/alamat-diperbaiki": MANAGING,
    "/orang/<account_id>/serah-terima": {"focal_point", "other_agency", "head", "secretariat"},
    "/orang/instansi/<slug>": {"secretariat"},
    "/orang/surat": MANAGING,
    "/orang/impor": {"secretariat"},
    "/orang/impor/<import_id>": {"secretariat"},
    "/orang/<account_id>/tutup": MANAGING,
    "/orang/<account_id>/tautan": MANAGING,
    "/peran/ubah/terbitkan": {"secretariat"},
    "/peran/ubah/buang": {"secretariat"},
    "/peran/ubah/pembaruan": {"secretariat"},
    "/peran/ubah/pindahkan": {"secretariat"},
    "/peran/ubah/berkas": {"secretariat"},
    "/peran/ubah/tugas/baru": {"secretariat"},
    "/peran/ubah/tugas/<key>": {"secretariat"},
    "/peran/ubah/tugas/<key>/hapus": {"secretariat"},
    "/peran/ubah/instansi/baru": {"secretariat"},
    "/peran/ubah/instansi/<key>": {"secretariat"},
    "/peran/ubah/instansi/<key>/hapus": {"secretariat"},
    "/peran/ubah/dasar/baru": {"secretariat"},
    "/peran/ubah/dasar/<key>": {"secretariat"},
    "/peran/ubah/dasar/<key>/hapus": {"secretariat"},
    "/peran/ubah/pokja/baru": {"secretariat"},
    "/peran/ubah/pokja/<key>": {"secretariat"},
    "/peran/ubah/pokja/<key>/hapus": {"secretariat"},
    "/peran/ubah/pokja/<key>/geser": {"secretariat"},
    "/peran/versi/<int:number>/urungkan": {"secretariat"},
    "/rencana/<action_id>/ubah": {"secretariat"},
    "/rencana/<action_id>/hentikan": {"secretariat"},
    "/rencana/baru/<key>": {"secretariat"},
    "/rencana/tentang/<key>": {"secretariat"},
    "/rencana/versi/<key>/<int:number>/urungkan": {"secretariat"},
    "/rencana/impor": {"secretariat"},
    "/rencana/impor/<import_id>": {"secretariat"},
    "/rencana/impor/<import_id>/terapkan": {"secretariat"},
    "/rencana/impor/<import_id>/buang": {"secretariat"},
    "/kabupaten-kota/<below>": {"secretariat"},
    "/kabupaten-kota/<below>/terbitkan": {"secretariat"},
    "/kabupaten-kota/<below>/sekretariat": MANAGING,
    "/periode/tahun/<int:year>": {"secretariat"},
    "/periode/<period_id>/buka/<int:step>": {"secretariat"},
    "/periode/<period_id>/perpanjangan": {"secretariat"},
    "/periode/<period_id>/perpanjangan/<slug>/cabut": {"secretariat"},
    "/periode/<period_id>/tutup": {"secretariat"},
    "/periode/<period_id>/buka-kembali": {"secretariat"},
    "/kalender": SIGNED - {"administrator"},
    "/pengaturan/hari-libur": MANAGING,
    "/pengaturan/hari-libur/<on>": MANAGING,
    "/pengaturan/hari-libur/<on>/hapus": MANAGING,
    "/penugasan/baru/<action_id>": {"secretariat"},
    "/penugasan/<assignment_id>/ikutkan": {"secretariat"},
    "/penugasan/<assignment_id>/alihkan": {"secretariat"},
    "/penugasan/<assignment_id>/pendukung": {"secretariat"},
    "/penugasan/<assignment_id>/pecah": {"secretariat"},
    "/penugasan/<assignment_id>/ubah": {"secretariat"},
    "/penugasan/<assignment_id>/tutup": {"secretariat"},
    "/penugasan/massal/isi": {"secretariat"},
    "/penugasan/massal/<batch_id>/urungkan": {"secretariat"},
    "/penugasan/usulan/<batch_id>/urungkan": {"secretariat"},
    "/penugasan/usulan/<batch_id>/tarik": {"secretariat"},
    "/penugasan/usulan/<batch_id>/terima": {"secretariat"},
    "/penugasan/usulan/aksi/<proposal_id>": {"secretariat"},
    "/penugasan/surat": {"secretariat"},
    "/penugasan/surat/<slug>": {"secretariat"},
    "/tampilan": SIGNED,
    "/tampilan/<view_id>/hapus": SIGNED,
    "/laporan/<report_id>": WRITERS,
    "/laporan/<report_id>/tarik": WRITERS,
    "/laporan/<report_id>/jawab-ketikan": ANSWERING,
    "/laporan/<report_id>/persetujuan": {"head"},
    "/laporan/<report_id>/atas-nama": {"secretariat"},
    "/l/<token>": set(ACTORS),
    "/tugas-saya/lembar": WRITERS,
    "/tugas-saya/lembar/terapkan": WRITERS,
    "/pengaturan/pelaporan": {"secretariat"},
    "/pengaturan/persetujuan-kepala/<slug>": {"head", "secretariat"},
    "/bukti/<evidence_id>/rincian": WRITERS | {"secretariat"},
    "/laporan/<report_id>/percakapan": ANSWERING | {"secretariat"},
    "/verifikasi/<report_id>": {"secretariat"},
    "/verifikasi/<report_id>/buka-kembali": {"secretariat"},
    "/keputusan/<request_id>": {"leadership"},
    "/keputusan/<request_id>/catatan": {"secretariat"},
    "/tinjauan-bukti/<review_id>": {"secretariat"},
    "/sampel/<period_id>/tarik": {"auditor"},
    "/sampel/laporan/<sampled_id>": {"auditor"},
    "/surel/<int:email_id>/kirim-ulang": MANAGING,
    "/surel/balasan/<int:answer_id>/selesai": MANAGING,
    "/surel/lepas": MANAGING,
    "/pengaturan/kop": {"secretariat"},
    "/kartu-peran/<slug>/terbitkan": {"secretariat"},
    "/kartu-peran/<slug>/tarik": {"secretariat"},
    "/kartu-peran/terbitkan-semua": {"secretariat"},
    "/kartu-peran/semua": {"secretariat"},
    "/pekerjaan/<task_id>/batal": SIGNED,
    "/jawab": ANSWERING,
    "/jawab/<duty_id>": ANSWERING,
    "/tanya/<question_id>": ANSWERING | {"secretariat"},
    "/tanya/<question_id>/tetapkan": {"secretariat"},
    "/tanya/<question_id>/terbitkan": {"secretariat"},
    "/tanya/<question_id>/tarik/<published_id>": {"secretariat"},
}
# The report form's buttons. One that refused an answer leads back to the form when it is opened.
BUTTONS = {f"/{action}" for action in FormAction}
OPENED_AGAIN = BUTTONS - {f"/{FormAction.AUTOSAVE}", f"/{FormAction.CHECK}"}
WRITERS_ALONE = row(302, 303, 404, 403, 403, 403, 403, 403)
GETS |= {f"/laporan/<report_id>{button}": WRITERS_ALONE for button in OPENED_AGAIN}
GETS |= {f"/l/<token>{button}": dict.fromkeys(ACTORS, 303) for button in OPENED_AGAIN}
POSTS |= {f"/laporan/<report_id>{button}": WRITERS for button in BUTTONS}
POSTS |= {f"/l/<token>{button}": set(ACTORS) for button in BUTTONS}


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
        "duty_id": duty_id,
        "question_id": question_id,
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


def _rules(app: flask.Flask, method: str) -> Iterator[str]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static" and method in (rule.methods or ()):
            yield rule.rule


def _fill(rule: str, values: dict[str, str]) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: values[match[1]], rule)


# --- declarations --------------------------------------------------------------------------------


def test_every_view_declares_a_guard(app: flask.Flask) -> None:
    bare = [
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint != "static" and not getattr(view, "guard", None)
    ]
    assert bare == []


def test_every_route_is_in_the_table(app: flask.Flask) -> None:
    assert set(_rules(app, "GET")) == set(GETS)
    assert set(_rules(app, "POST")) == set(POSTS)
    others = {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS", "POST"}
    }
    assert others == set()


def test_public_pages_are_few_and_known(app: flask.Flask) -> None:
    """A slip of the decorator must not open a page to the world."""
    guards = {
        f"{method} {rule.rule}": app.view_functions[rule.endpoint].guard
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST"}
        if rule.endpoint != "static"
    }
    assert {rule for rule, guard in guards.items() if guard == PUBLIC} == {
        "GET /",
        "GET /masuk",
        "POST /masuk",
        "POST /keluar",
        "GET /aktivasi",
        "POST /aktivasi",
        "GET /l/<token>",
        "POST /l/<token>",
        "GET /l/<token>/periksa",
        *(f"POST /l/<token>{button}" for button in BUTTONS),
        *(f"GET /l/<token>{button}" for button in OPENED_AGAIN),
        "GET /undangan/<token>",
        "POST /undangan/<token>",
        "GET /bantuan",
        "GET /privasi",
        "GET /aksesibilitas",
        "GET /sehat",
        "GET /siap",
        "GET /kartu-peran/<code>/<slug>",  # the query decides: published, or the reader's own
        "GET /kartu-peran/<code>/<slug>.pdf",
        "GET /lambang/<code>.png",
        "GET /kalender/<token>.ics",  # anyone who holds the secret
    }
    assert {rule for rule, guard in guards.items() if guard == SIGNED_IN} == {
        "GET /penugasan/<assignment_id>/dasar",  # the secretariat and the people of its parties
        "GET /akses",
        "POST /akses",
        "GET /akun",
        "POST /akun",
        "POST /akun/sesi/<session_id>/akhiri",
        "GET /kotak-masuk",
        "GET /kotak-masuk/<int:email_id>",
        "GET /kotak-masuk/<int:email_id>/isi",
        "GET /laporan/<report_id>",  # the query decides: 404 for whom it does not exist
        "GET /laporan/<report_id>/tanda-terima",
        "GET /laporan/<report_id>/tanda-terima.pdf",
        "POST /pengaturan/persetujuan-kepala/<slug>",  # the service decides: head or secretariat
        "GET /bukti/<evidence_id>",
        "GET /bukti/<evidence_id>/rincian",
        "GET /bukti/<evidence_id>/gambar",
        "GET /bukti/<evidence_id>/isi",
        "GET /laporan/<report_id>/percakapan",
        "GET /pekerjaan",
        "GET /pekerjaan/<task_id>",
        "GET /pekerjaan/<task_id>/keadaan",
        "GET /pekerjaan/<task_id>/berkas",
        "POST /pekerjaan/<task_id>/batal",
        "GET /surat-penugasan/<letter_id>.pdf",  # the query decides, as for reports
        "GET /surat-penugasan/<letter_id>.docx",
        "GET /tampilan",
        "POST /tampilan",
        "POST /tampilan/<view_id>/hapus",
        "GET /cari",  # finds only what the viewer may read
    }


@pytest.mark.own_app
def test_a_view_without_guard_answers_500_and_never_its_content(app: flask.Flask) -> None:
    called: list[str] = []

    @app.route("/lupa", methods=["GET", "POST"])
    def forgotten() -> str:
        called.append("called")
        return "isi rahasia"

    answer = app.test_client().get("/lupa")
    assert answer.status_code == 500
    assert "isi rahasia" not in answer.text
    assert called == []


# --- the table -----------------------------------------------------------------------------------


def test_who_may_open_what(app: flask.Flask, world: World) -> None:
    """The guard decides who may read a page; reading it and thirty it leads to changes nothing."""
    differences = []
    before = _fingerprints(app)
    paths = {rule: _fill(rule, world.values) for rule in GETS}
    for actor in ACTORS:
        client = world.browsers[actor].client
        links: set[str] = set()
        for rule, path in paths.items():
            answer = client.get(path)
            expected = GETS[rule][actor]
            if answer.status_code != expected:
                differences.append(f"{rule} {actor}: {answer.status_code}, not {expected}")
            elif expected == TO_SIGN_IN and actor == "anonymous":
                assert answer.location.startswith("/masuk"), rule
            elif answer.mimetype == "text/html":
                links |= _links(answer.text)
        for path in sorted(links.difference(paths.values()))[:30]:
            status = client.get(path).status_code
            assert status in (200, 302, 303, 403, 404, 410, 503), (path, status)
        after = _fingerprints(app)
        changed = [name for name in before if before[name] != after[name]]
        assert changed == [], f"reading as {actor} changed {changed}"
    assert differences == []


def test_refused_pages_tell_nothing(app: flask.Flask, world: World) -> None:
    """A refusal holds no word of the thing refused; a foreign id looks like one that never was."""
    other = world.browsers["other_agency"].client
    for rule in (
        "/laporan/<report_id>",
        "/bukti/<evidence_id>",
        "/laporan/<report_id>/percakapan",
        "/bukti/<evidence_id>/gambar",
        "/penugasan/<assignment_id>",
        "/pekerjaan/<task_id>",
        "/pekerjaan/<task_id>/berkas",
        "/jawab/<duty_id>",
        "/tanya/<question_id>",
    ):
        refused = other.get(_fill(rule, world.values))
        unknown = other.get(_fill(rule, dict.fromkeys(world.values, "tidakada1234")))
        assert refused.status_code == unknown.status_code
        assert "Dispora" not in refused.text
        assert re.sub(r"<b>[0-9A-F]{8}</b>", "", refused.text) == re.sub(
            r"<b>[0-9A-F]{8}</b>", "", unknown.text
        )


def test_who_may_send_what(app: flask.Flask, world: World) -> None:
    """With a good token, the guard alone decides who gets through."""
    tokens = {
        name: csrf_token(browser.client.get("/akun" if name != "anonymous" else "/masuk").text)
        for name, browser in world.browsers.items()
    }
    differences = []
    for rule in sorted(_rules(app, "POST")):
        if rule in ("/keluar", "/orang/<account_id>/tutup"):
            continue  # they end what the rest of the loop needs; see below and the accounts' tests
        for actor in ACTORS:
            client = world.browsers[actor].client
            answer = client.post(_fill(rule, world.values), data={"csrf_token": tokens[actor]})
            sent_to_sign_in = answer.status_code == 302 and "/masuk" in answer.location
            passed = answer.status_code not in (401, 403) and not sent_to_sign_in
            if passed != (actor in POSTS[rule]):
                differences.append(f"{rule} {actor}: {answer.status_code}")
    for actor in ACTORS:
        client = world.browsers[actor].client
        answer = client.post("/orang/nobody/tutup", data={"csrf_token": tokens[actor]})
        passed = answer.status_code == 404
        if passed != (actor in POSTS["/orang/<account_id>/tutup"]):
            differences.append(f"/orang/<account_id>/tutup {actor}: {answer.status_code}")
    assert differences == []


def test_no_post_without_its_token(app: flask.Flask, world: World) -> None:
    """Without a token, and with somebody else's, nothing is done: 400 for everybody.

    One check is before every view; each address is tried by everybody, each time with the next
    kind of wrong token."""
    foreign = csrf_token(app.test_client().get("/masuk").text)
    wrong = itertools.cycle(({}, {"csrf_token": foreign}, {"csrf_token": "x"}))
    before = _fingerprints(app)
    for rule in _rules(app, "POST"):
        path = _fill(rule, world.values)
        for actor in ("anonymous", "focal_point", "secretariat", "administrator"):
            data = next(wrong)
            answer = world.browsers[actor].client.post(path, data=data)
            assert answer.status_code == 400, (rule, actor, data)
            assert answer.text.count("<h1") == 1
    assert _fingerprints(app) == before


# Written by reading, on purpose: who read what, when a session was last used, limits, heartbeats.
BOOKKEEPING = {"access_log", "user_session", "attempt_count", "job_run", "revision_opening"}


def _fingerprints(app: flask.Flask) -> dict[str, str]:
    """Return a hash of every table's rows, but for the bookkeeping."""
    found = {}
    with app.app_context():
        for table in db.metadata.sorted_tables:
            if table.name in BOOKKEEPING:
                continue
            rows = sorted(repr(tuple(row)) for row in db.session.execute(sa.select(table)))
            found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def _links(html: str) -> set[str]:
    found = re.findall(r'(?:href|src|hx-get)="(/[^"#]*)', html)
    return {link.replace("&amp;", "&") for link in found if not link.startswith("/static/")}


def test_the_fingerprint_would_notice_a_change(app: flask.Flask, world: World) -> None:
    """The fingerprint covers a report's draft: a proof that reading could fail."""
    before = _fingerprints(app)
    with app.app_context():
        obligation = factories.db.session.scalars(
            sa.text("SELECT public_id FROM obligation ORDER BY id DESC LIMIT 1")
        ).one()
        viewer = factories.Viewer(
            account_id=db.session.scalar(
                sa.text("SELECT account_id FROM access_grant WHERE kind = 'focal_point' LIMIT 1")
            ),
            kind=AccessKind.FOCAL_POINT,
            task_force_id=factories.task_force().id,
            agency_id=factories.agency("disnakertrans").id,
        )
        save_draft(str(obligation), {"note": "x"}, version=0, by=viewer)
    after = _fingerprints(app)
    assert {x for x in before if before[x] != after[x]} == {"report", "audit_entry", "matrix_count"}
