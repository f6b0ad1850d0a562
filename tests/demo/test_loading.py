"""What the demo shows on its first day, on any day on which it is loaded."""

import io
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import flask
import openpyxl
import pytest
import sqlalchemy as sa
import time_machine

from coordinator.assignments.obligations.models import Obligation
from coordinator.db import db
from coordinator.demo import below, service
from coordinator.demo.scenario import ASSIGNED, BACKUP, BELOW, GONE, PASSWORD, REFUSED
from coordinator.demo.stories import STORIES, FigureLevel, figure, lowered
from coordinator.oversight.reminders.models import ReminderRun
from coordinator.oversight.reminders.service import ensure_ladder, queue_reminders
from coordinator.people.directory.models import TaskForce
from coordinator.permissions import AccessKind
from coordinator.plans.actions.rules import Accumulation, Better, IndicatorKind
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.operations.backup import verify_backup
from coordinator.reporting.reports.models import (
    Report,
    ReportRevision,
    Verification,
    VerifiedValue,
)
from coordinator.reporting.reports.rules import ReportKind
from tests import factories
from tests.conftest import Browser

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
Browsers = Callable[[], Browser]

MOMENTS = {
    "a Sunday": "2026-10-18 10:00",
    "new year": "2027-01-01 10:00",
    "joint leave": "2026-03-20 10:00",
    "first of the month, before the reminders": "2026-10-01 07:00",
    "last of the month": "2026-09-30 10:00",
}
# Enough to meet each thing that is promised; the whole plan takes four times as long.
FEW = ("1.1", "1.10", "6.3")


def _sign_in(browser: Browsers, name: str) -> Browser:
    return browser().sign_in(f"{name}@contoh.test", PASSWORD)


def _is_newest_reminder_answered_by_a_button(who: Browser) -> None:
    """Follow the newest mail of the inbox to a report, signed out."""
    newest = re.search(r'href="(/kotak-masuk/\d+)"[^>]*>([^<]+)', who.get("/kotak-masuk").text)
    assert newest
    assert re.search("lewat batas|jatuh tempo", newest[2]), newest[2]
    link = re.search(r"http://localhost(/l/[0-9a-f]{64})", who.get(newest[1]).text)
    assert link
    page = Browser(who.client.application).get(link[1]).text
    assert "Pengawasan program pelatihan" in page
    assert "Periksa lalu kirim" in page


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_the_first_day_shows_everything_on_any_day(
    moment: str,
    app: flask.Flask,
    browser: Browsers,
    clock: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock.move_to(datetime.fromisoformat(f"{moment}+08:00"))
    monkeypatch.setattr(service, "ASSIGNED", {code: ASSIGNED[code] for code in FEW})
    monkeypatch.setattr(below, "BELOW", BELOW[:1])
    with app.app_context():
        service.load_demo()

    _is_newest_reminder_answered_by_a_button(_sign_in(browser, "narahubung.dispora"))
    head = _sign_in(browser, "kepala.dispora").get("/jawab").text
    assert head.count('name="duty"') == 3  # none of them answered

    office = _sign_in(browser, "sekretariat")
    home = office.get("/beranda").text
    refusal = re.search(r"Disnakertrans\s+atau DPMPD\s*:\s*([^<]+)", home)
    assert refusal, "the duty that is said to be another's waits for a ruling"
    assert re.search(r"Bappeda</a>:\s+email tidak sampai sejak", home)
    assert "belum pernah" not in home.casefold()
    assert "Terakhir dijalankan" in office.get("/pengingat").text

    back = office.get("/surel?keadaan=returned").text
    assert f"{GONE}@contoh.test" in back
    failed = office.get("/surel?keadaan=failed").text
    assert f"{REFUSED}@contoh.test" in failed
    again = re.search(r'action="(/surel/\d+/kirim-ulang)"', failed)
    assert again
    office.post(again[1], {}, page="/surel?keadaan=failed")
    assert "Kirim ulang" not in office.get("/surel?keadaan=failed").text

    assert "1 dari 10 gugus tugas" in office.get("/kabupaten-kota").text
    kabupaten = _sign_in(browser, "sekretariat.kukar")
    assert re.search(r"sampai [^<]+ lagi\)", kabupaten.get("/beranda").text)  # an open period
    with app.app_context():
        assert _verified_figures("64.02") > 3


def _verified_figures(code: str) -> int:
    query = (
        sa.select(sa.func.count())
        .select_from(VerifiedValue)
        .join(Verification, Verification.id == VerifiedValue.verification_id)
        .join(ReportRevision, ReportRevision.id == Verification.revision_id)
        .join(Report, Report.id == ReportRevision.report_id)
        .join(Obligation, Obligation.id == Report.obligation_id)
        .join(TaskForce, TaskForce.id == Obligation.task_force_id)
        .where(TaskForce.code == code)
    )
    return db.session.scalar(query) or 0


# --- the whole of it, on a Tuesday ----------------------------------------------------------------


@pytest.fixture
def loaded(remember: Callable[[str, Callable[[], None]], None]) -> None:
    """The demo as a visitor finds it, loaded once a worker."""
    remember("demo", service.load_demo)


def _revisions() -> list[ReportRevision]:
    return list(db.session.scalars(sa.select(ReportRevision)))


def test_reports_tell_one_story(app: flask.Flask, loaded: None) -> None:
    with app.app_context():
        for one in _revisions():
            texts = [one.note, one.nil_reason, one.blocked_by]
            assert not any("DATA CONTOH" in (text or "") for text in texts)
            if one.kind is ReportKind.ACHIEVEMENT:
                assert one.note
                continue
            assert not any([one.note, one.place, one.held_on])
            if one.kind is ReportKind.NIL:
                assert one.nil_reason
                continue
            who, why = (one.blocked_by or "").split(": ", 1)
            own = one.report.obligation.party.agency.abbreviation
            assert who != own
            assert why


def test_texts_that_leave_are_marked(app: flask.Flask, browser: Browsers, loaded: None) -> None:
    """The sheet holds the drafts' sentences, which do not say themselves that they are invented."""
    who = _sign_in(browser, "narahubung.dispora")
    book = openpyxl.load_workbook(io.BytesIO(who.get("/tugas-saya/lembar.xlsx").data))
    assert book["Petunjuk"]["A1"].value == "DATA CONTOH. Bukan data sebenarnya."
    mail = re.search(r'href="(/kotak-masuk/\d+)"', who.get("/kotak-masuk").text)
    assert mail
    assert "DATA CONTOH." in who.get(f"{mail[1]}/isi").text


def test_reports_and_mails_have_times_of_their_own(app: flask.Flask, loaded: None) -> None:
    with app.app_context():
        minutes = Counter(f"{one.submitted_at:%H.%M}" for one in _revisions())
        assert minutes.most_common(1)[0][1] < len(_revisions()) / 10
        assert not db.session.scalars(
            sa.select(OutgoingEmail.id).where(OutgoingEmail.sent_at < OutgoingEmail.queued_at)
        ).all()
        latest = db.session.scalar(sa.select(sa.func.max(OutgoingEmail.queued_at)))
        assert latest == datetime(2026, 10, 13, 0, 0, tzinfo=UTC)  # the morning's reminders
        assert max(one.submitted_at for one in _revisions()) < latest


def test_three_blocked_reports_wait_for_the_leadership(
    app: flask.Flask, browser: Browsers, loaded: None
) -> None:
    page = _sign_in(browser, "pimpinan").get("/keputusan").text
    assert "Siapa yang menyerahkan rekap kerawanan, dan mulai kapan?" in page
    assert "Bolehkah pengawas membaca data izin usaha, dan mulai kapan?" in page


def test_three_kabupaten_kota_have_begun(app: flask.Flask, browser: Browsers, loaded: None) -> None:
    page = _sign_in(browser, "pimpinan").get("/kabupaten-kota").text
    assert "3 dari 10 gugus tugas sudah menerbitkan pemetaannya." in page
    rows = re.findall(r"<tr>.*?</tr>", page, re.DOTALL)
    for region in ("Kutai Kartanegara", "Berau", "Kutai Timur"):
        row = next(one for one in rows if f"Kabupaten {region}" in one)
        cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
        numbers = [one for one in cells if re.search(r"\d", one)]
        assert len(numbers) == 3
    with app.app_context():
        assert min(_verified_figures(code) for code in ("64.02", "64.03", "64.08")) > 1


def test_the_backup_is_a_real_one(app: flask.Flask, loaded: None) -> None:
    with app.app_context():
        report = verify_backup(Path(app.config["SETTINGS"].data_dir) / BACKUP)
        assert report.is_ok
        assert report.manifest is not None
        assert report.manifest.row_counts["report"] > 100


def test_an_agency_is_named_once_in_the_list_of_accounts(app: flask.Flask, loaded: None) -> None:
    """Programs look an account up by access and agency; agencies below have the same names."""
    with app.app_context():
        accounts = service.demo_accounts()
        assert {one.access for one in accounts} == {kind.value for kind in AccessKind}
        named = Counter((one.access, one.agency) for one in accounts if one.access == "agency_head")
        assert set(named.values()) == {1}
        agencies = {one.task_force for one in accounts if one.agency}
        assert agencies == {"64"}
        below = [one.task_force for one in accounts if one.access == "secretariat"]
        assert below == ["64", "64", "64.02", "64.03", "64.08"]


def test_a_morning_that_had_its_reminders_gets_the_demos(
    app: flask.Flask, browser: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`flask demo load` on a running installation, after eight o'clock."""
    monkeypatch.setattr(service, "ASSIGNED", {"1.1": ()})
    monkeypatch.setattr("coordinator.demo.below.BELOW", ())
    with app.app_context():
        force = factories.task_force()
        ensure_ladder(force.id)
        assert queue_reminders(force.id) == 0
        service.load_demo()
        assert len(db.session.scalars(sa.select(ReminderRun)).all()) == 1
    _is_newest_reminder_answered_by_a_button(_sign_in(browser, "narahubung.dispora"))


# --- figures --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("engine_name")
@pytest.mark.parametrize(
    ("kind", "sums", "better", "target", "expected"),
    [
        (IndicatorKind.NUMBER, Accumulation.CUMULATIVE, Better.UP, 36, (2, 3, 4)),
        (IndicatorKind.NUMBER, Accumulation.CUMULATIVE, Better.UP, 12, (1, 1, 2)),
        (IndicatorKind.NUMBER, Accumulation.PER_PERIOD, Better.UP, 10, (7, 10, 13)),
        (IndicatorKind.NUMBER, Accumulation.PER_PERIOD, Better.DOWN, 6, (8, 6, 4)),
        (IndicatorKind.PERCENT, Accumulation.PER_PERIOD, Better.UP, 100, (91, 100, 100)),
        (IndicatorKind.YES_NO, Accumulation.PER_PERIOD, Better.UP, 1, (0, 1, 1)),
    ],
)
def test_a_figure_is_near_its_target(
    kind: IndicatorKind,
    sums: Accumulation,
    better: Better,
    target: int,
    expected: tuple[int, int, int],
) -> None:
    given = [figure(kind, sums, better, Decimal(target), level=level) for level in FigureLevel]
    assert tuple(given) == expected
    for value in given:
        less = lowered(kind, better, value)
        assert less is None or less < value


@pytest.mark.usefixtures("engine_name")
def test_every_assigned_action_has_a_story() -> None:
    assert set(STORIES) >= set(ASSIGNED)
