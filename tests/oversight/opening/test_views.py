"""The five steps over HTTP: each keeps what was typed, nothing opens by accident."""

import re
from collections.abc import Callable
from datetime import date

import flask
import pytest
import sqlalchemy as sa

from coordinator.assignments.obligations.models import Obligation
from coordinator.db import db
from coordinator.oversight.reminders import service as reminders
from coordinator.people.accounts.models import AccessGrant
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import AccessKind
from coordinator.platform.mail import service as mail
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import BounceKind
from tests import factories
from tests.conftest import Browser

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


def _make_due(app: flask.Flask, day: date) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE assignment SET due_on = :day").bindparams(day=day))


def test_a_year_is_planned_and_a_period_opened_in_five_steps(
    app: flask.Flask, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        story = factories.story()
        factories.assign(story.secretariat, "1.2", "dispora", ("dinsos",))
        reminders.ensure_ladder(story.period.task_force_id)
        mail.note_bounce(factories.email_of(story.focal_point), BounceKind.HARD)
        addresses = [factories.email_of(one) for one in (story.secretariat, story.focal_point)]
    officer, agency = (browser().sign_in(one, factories.PASSWORD) for one in addresses)
    # The preset fills what is not covered yet; nothing is saved by looking.
    page = officer.get("/periode/tahun/2026?pola=quarters").text
    assert page.count('value="Triwulan') == 3
    assert "Triwulan III" in page  # opened already, listed apart
    rows = dict(re.findall(r'name="(rows-\d+-(?!drop)\w+)"[^>]*value="([^"]*)"', page))
    assert rows["rows-2-closes_on"] == "18/01/2027"
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(ReportingPeriod)) == 1
    bad = {**rows, "rows-0-label": "Triwulan IV", "rows-2-closes_on": "31/02/2027"}
    answer = officer.post("/periode/tahun/2026", bad, status=422)
    assert "31/02/2027" in answer.text
    answer = officer.post(
        "/periode/tahun/2026", {**rows, "rows-0-label": "Triwulan IV"}, status=422
    )
    assert "Triwulan IV sudah ada pada 2026." in answer.text
    officer.post("/periode/tahun/2026", rows)
    assert officer.post("/periode/tahun/2026", {}).location.endswith("selesai=sama")
    with app.app_context():
        public_id = db.session.scalars(
            sa.select(ReportingPeriod.public_id).where(ReportingPeriod.label == "Triwulan IV")
        ).one()
    place = f"/periode/{public_id}/buka/"
    agency.get(f"{place}1", status=403)
    agency.get(f"/periode/{public_id}", status=404)

    # 1: a short window is said, a bad date keeps the rest.
    days = {"covers_from": "2026-10-01", "covers_until": "2026-12-31", "opens_on": "2026-12-24"}
    answer = officer.post(f"{place}1", {**days, "closes_on": "2026-12-01"}, status=422)
    assert "2026-12-24" in answer.text
    officer.post(f"{place}1", {**days, "closes_on": "2027-01-05", "act": "periksa"})
    page = officer.get(f"{place}1").text
    assert "kurang dari 14" in page
    assert "Cuti Bersama Hari Raya Natal" in page
    officer.post(f"{place}1", {**days, "opens_on": "2027-01-04", "closes_on": "2027-01-18"})

    # 2: what is due; leaving one out needs a reason.
    page = officer.get(f"{place}2").text
    assert "4 laporan dari 3 instansi" in page
    chosen = officer.get(f"{place}2?instansi=dispora").text
    assert "Baru" in chosen
    assert "Lewat batas" not in chosen
    # An open assignment whose due date has passed is asked all the same, and says so.
    _make_due(app, date(2026, 9, 30))
    assert "penugasan lewat batas waktu dan masih terbuka." in officer.get(f"{place}2").text
    assert "Lewat batas" in officer.get(f"{place}2?instansi=dispora").text
    assert "Lewat batas" in officer.get("/penugasan").text
    _make_due(app, date(2026, 12, 31))
    keys = re.findall(r'name="ikut" value="([^"]+)" checked', chosen)
    assert len(keys) == 2
    path = f"{place}2?instansi=dispora"
    answer = officer.post(path, {"ikut": keys[0]}, page=f"{place}5", status=422)
    assert f'value="{keys[1]}" checked' not in answer.text
    officer.post(path, {"ikut": keys[0], "reason": "Tahun depan"}, page=f"{place}5")
    page = officer.get(f"{place}2").text
    assert "2 laporan dari 2 instansi" in page
    assert "Tahun depan" in page

    # 3: red first, corrected here.
    page = officer.get(f"{place}3").text
    assert page.index("Dispora") < page.index("Disnakertrans")
    assert "email tidak sampai" in page
    path = f"{place}3?instansi=dispora"
    form = officer.get(path).text
    account = re.search(r'name="alamat-account" value="([^"]+)"', form)
    assert account
    fields = {"alamat-account": account[1], "act": "alamat"}
    answer = officer.post(path, {**fields, "alamat-contact_email": "salah"}, status=422)
    assert "nama@contoh.go.id" in answer.text
    officer.post(path, {**fields, "alamat-contact_email": "baru@uji.example"})
    assert "Tidak dapat dihubungi" not in officer.get(f"{place}3").text
    officer.post(
        path, {"act": "undang", "baru-name": "Orang Baru", "baru-email": "orang@uji.example"}
    )

    # 4: the mails themselves, and one to oneself.
    page = officer.get(f"{place}4").text
    days_told = re.findall(r'<th scope="row">([^<]+)</th>', page)
    assert days_told == [
        "Senin, 4 Januari 2027",
        "Jumat, 15 Januari 2027",
        "Selasa, 19 Januari 2027",
    ]
    link = re.search(r'href="([^"]+orang=[^"]+)#surel"', page)
    assert link
    shown = officer.get(link[1].replace("&amp;", "&")).text
    assert "Jatuh tempo Senin, 18 Januari 2027" in shown
    officer.post(f"{place}4", {})
    with app.app_context():
        trial = db.session.scalars(
            sa.select(OutgoingEmail).where(OutgoingEmail.kind == "trial")
        ).one()
        assert trial.subject.startswith("[UJI] [TPPO]")
        assert trial.account_id == story.secretariat.account_id
        assert "periode ini belum dibuka" in trial.text
        assert "periode ini belum dibuka" in trial.html

    # 5: the name, exactly; twice is once.
    answer = officer.post(f"{place}5", {"name": "triwulan iv 2026"}, status=422)
    assert "triwulan iv 2026" in answer.text
    token = officer.token(f"{place}5")
    for _press in range(2):
        pressed = officer.client.post(
            f"{place}5", data={"csrf_token": token, "name": "Triwulan IV 2026"}
        )
        assert pressed.status_code == 303
        assert pressed.location.startswith(f"/periode/{public_id}")
    with app.app_context():
        period = db.session.scalars(
            sa.select(ReportingPeriod).where(ReportingPeriod.public_id == public_id)
        ).one()
        owed = db.session.scalars(
            sa.select(Obligation).where(Obligation.period_id == period.id)
        ).all()
        assert len(owed) == 2
        assert (
            db.session.scalar(
                sa.select(sa.func.count()).where(
                    AccessGrant.agency_id == factories.agency("dispora").id
                )
            )
            == 2
        )

    # More time, from the period's page, and how the matrix and the CSV show it.
    page = f"/periode/{public_id}"
    fields = {"agency": "dispora", "until_on": "2027-01-18", "reason": "Banjir"}
    answer = officer.post(f"{page}/perpanjangan", fields, page=page, status=422)
    assert "Banjir" in answer.text
    officer.post(f"{page}/perpanjangan", {**fields, "until_on": "2027-01-25"}, page=page)
    assert "Senin, 25 Januari 2027" in officer.get(page).text
    matrix = officer.get(f"/matriks?lapis=lapor&periode={public_id}").text
    assert "diperpanjang s.d. 25 Januari 2027" in matrix
    csv = officer.get(f"/matriks.csv?lapis=lapor&periode={public_id}").text
    assert ";2027-01-25" in csv
    assert "25 Januari 2027" in agency.get(page).text
    officer.post(f"{page}/perpanjangan/dispora/cabut", {}, page=page)
    assert "diperpanjang" not in officer.get(f"/matriks?lapis=lapor&periode={public_id}").text


def test_a_period_may_be_reported_only_by_its_own_days(
    app: flask.Flask, browser: Callable[[], Browser]
) -> None:
    """Nobody's NIK in a label or a reason; years far away are no pages."""
    with app.app_context():
        viewer = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
        address = factories.email_of(viewer)
    officer = browser().sign_in(address, factories.PASSWORD)
    officer.get("/periode/tahun/1999", status=404)
    row = {
        "rows-0-label": "6472011501900001",
        "rows-0-covers_from": "2027-01-01",
        "rows-0-covers_until": "2027-03-31",
        "rows-0-opens_on": "2027-04-01",
        "rows-0-closes_on": "2027-04-15",
    }
    officer.post("/periode/tahun/2027", row, status=422)
    row["rows-0-label"] = "Tahap I"
    officer.post("/periode/tahun/2027", row)
    page = officer.get("/periode/tahun/2027").text
    assert "1 April 2027 sampai 31 Desember 2027 tidak tercakup" in page
    key = re.search(r'name="rows-0-public_id"[^>]*value="([^"]+)"', page)
    assert key
    officer.post("/periode/tahun/2027", {**row, "rows-0-public_id": key[1], "rows-0-drop": "y"})
    with app.app_context():
        assert db.session.scalars(sa.select(ReportingPeriod)).all() == []


def test_the_figures_of_a_period_add_up_and_lead_somewhere(
    app: flask.Flask, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        story = factories.story()
        factories.submit(factories.obligation_of(story.assignment, "dispora"), story.focal_point)
        place = f"/periode/{story.period.public_id}"
        address = factories.email_of(story.secretariat)
    page = browser().sign_in(address, factories.PASSWORD).get(place).text
    figures = page.partition('<dl class="figures')[2].partition("</dl>")[0]
    total, *parts = (int(number) for number in re.findall(r'<a href="/[^"]+">(\d+)', figures))
    assert (total, len(parts)) == (2, 8)
    assert sum(parts) == total
