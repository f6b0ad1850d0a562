"""The pages about files under review, over HTTP."""

from collections.abc import Callable
from datetime import timedelta

import flask
import pytest
import sqlalchemy as sa
import time_machine

from coordinator.db import db
from coordinator.platform.audit.models import AccessLog
from coordinator.reporting.evidence.models import EvidenceReview
from tests import factories
from tests.conftest import NOW, Browser
from tests.reporting.evidence.shared_file import SharedFile


class Story:
    """The shared minutes, taken back by Dispora; everybody at a browser."""

    def __init__(self, app: flask.Flask, browser: Callable[[], Browser]) -> None:
        with app.app_context():
            shared = SharedFile()
            self.review_id = shared.take_back().public_id
            self.evidence_id, self.report_id = shared.theirs, shared.owed.public_id
            emails = {
                "secretariat": factories.email_of(shared.secretariat),
                "leadership": factories.email_of(shared.story.leadership),
                "focal_point": factories.email_of(shared.story.focal_point),
                "supporter": factories.email_of(shared.story.supporter),
            }
            db.session.remove()
        self.people = {
            name: browser().sign_in(email, factories.PASSWORD) for name, email in emails.items()
        }
        self.leadership = emails["leadership"]
        self.path = f"/tinjauan-bukti/{self.review_id}"


@pytest.fixture
def story(app: flask.Flask, browser: Callable[[], Browser]) -> Story:
    """A review that waits."""
    return Story(app, browser)


def test_a_review_from_the_home_to_its_decision(app: flask.Flask, story: Story) -> None:
    officer, supporter = story.people["secretariat"], story.people["supporter"]
    assert "Bukti yang harus ditinjau" in officer.get("/beranda").text
    assert "Disnakertrans" in officer.get("/tinjauan-bukti").text
    assert "Unduh untuk ditinjau" in officer.get(story.path).text
    bytes_path = f"{story.path}/berkas/{story.evidence_id}"
    answer = officer.get(bytes_path)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "private, no-store"
    for path in (f"/bukti/{story.evidence_id}", f"/bukti/{story.evidence_id}/gambar"):
        assert "sedang ditinjau" in officer.get(path, status=404).text
        supporter.get(path, status=404)
    supporter.get(bytes_path, status=403)
    with app.app_context():
        logged = db.session.scalars(
            sa.select(AccessLog).where(AccessLog.what == "evidence_review")
        ).all()
        assert len(logged) == 1

    assert "Tulis alasannya" in officer.post(story.path, {"act": "hapus"}, status=422).text
    assert "Pilih hapus" in officer.post(story.path, {"reason": "Ya."}, status=422).text
    nik = {"act": "hapus", "reason": "NIK 6472015505080001"}
    officer.post(story.path, nik, status=422)
    officer.post(story.path, {"act": "tampilkan", "reason": "Hanya daftar hadir."})
    shown = officer.get(f"{story.path}?selesai=1").text
    assert "Boleh dipakai" in shown
    assert "Hanya daftar hadir." in shown
    officer.get(bytes_path, status=404)
    supporter.get(f"/bukti/{story.evidence_id}")


def test_the_mark_is_wherever_the_verdict_is(story: Story) -> None:
    officer, supporter = story.people["secretariat"], story.people["supporter"]
    for person, path in (
        (officer, f"/laporan/{story.report_id}"),
        (officer, "/verifikasi?tab=selesai"),
        (officer, "/matriks/disnakertrans"),
        (supporter, f"/laporan/{story.report_id}"),
        (supporter, "/tugas-saya"),
        (supporter, "/tugas-saya/lalu"),
    ):
        assert "Bukti ditinjau" in person.get(path).text, path


def test_the_leadership_sees_what_was_left_longer_than_a_working_day(
    story: Story, clock: time_machine.Traveller
) -> None:
    leader = story.people["leadership"]
    assert "belum ditinjau" not in leader.get("/matriks").text
    clock.move_to(NOW + timedelta(days=2))
    leader.sign_in(story.leadership, factories.PASSWORD)  # the session of that day is over
    for path in ("/matriks", "/keputusan"):
        assert "berkas bukti belum ditinjau Sekretariat" in leader.get(path).text
    assert "Lewat 14 Oktober 2026" in leader.get("/tinjauan-bukti").text
    page = leader.get(story.path).text
    assert "Sekretariat yang memutuskan" in page
    assert "risalah.jpg" not in page


def test_who_withdrew_reads_what_is_true_of_the_rest(app: flask.Flask, story: Story) -> None:
    with app.app_context():
        review = db.session.scalars(sa.select(EvidenceReview)).one()
        own = next(row.evidence for row in review.uses if row.evidence.withdrawn_at)
        path = f"/bukti/{own.public_id}/rincian"
    asker = story.people["focal_point"]
    page = asker.get(path).text
    assert "sedang ditinjau Sekretariat" in page
    assert "administrator" not in page
    answer = {"act": "tampilkan", "reason": "Hanya daftar hadir."}
    story.people["secretariat"].post(story.path, answer)
    page = asker.get(path).text
    assert "sudah memutuskan" in page
    assert "administrator" not in page
