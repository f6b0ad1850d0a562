"""From the province's list to a published mapping of Balikpapan, over HTTP."""

import io
import re
from dataclasses import replace

import flask
import pytest
import sqlalchemy as sa

from coordinator.clock import today
from coordinator.db import db
from coordinator.mapping.answers.rules import Answer
from coordinator.mapping.answers.service import answer_duty
from coordinator.mapping.copies import queries
from coordinator.mapping.duties.models import Duty, DutyRevision
from coordinator.mapping.duties.seed import CitationPart
from coordinator.mapping.duties.service import load_mapping
from coordinator.mapping.versions import queries as versions
from coordinator.people.directory.models import Agency
from coordinator.people.directory.rules import TaskForceState
from coordinator.permissions import AccessKind, Viewer
from tests import factories
from tests.conftest import Browser
from tests.mapping.answers.builders import person_elsewhere, sit_down
from tests.platform.files.builders import pdf

CODE = "64.71"


def table(page: str) -> dict[str, str]:
    """The fields of the table as a browser would send them back."""
    fields = {
        "revision": re.search(r'name="revision" value="(\d+)"', page)[1],  # type: ignore[index]
        "number": "188.44/12/2026",
        "signed_on": "02/03/2026",
    }
    for name in re.findall(r'name="(in-[^"]+)" value="1" checked', page):
        fields[name] = "1"
    for name, value in re.findall(r'name="((?:name|short)-[^"]+)" value="([^"]*)"', page):
        fields[name] = value.replace("&amp;", "&").replace("&#39;", "'")
    selects = re.findall(r'(?s)<select[^>]* name="(place-[^"]+)"[^>]*>(.*?)</select>', page)
    for name, body in selects:
        chosen = re.search(r'value="(\w*)" selected', body)
        fields[name] = chosen[1] if chosen else ""
    return fields


def signed_in(app: flask.Flask, kind: AccessKind) -> Browser:
    """A browser of somebody of Kaltim."""
    with app.app_context():
        email = factories.email_of(factories.person(kind))
        db.session.remove()
    return Browser(app).sign_in(email, factories.PASSWORD)


@pytest.fixture
def secretariat(app: flask.Flask) -> Browser:
    """A browser signed in as Kaltim's secretariat."""
    return signed_in(app, AccessKind.SECRETARIAT)


def state(app: flask.Flask) -> TaskForceState:
    """How far Balikpapan is."""
    with app.app_context():
        return factories.task_force(CODE).state


def test_balikpapan_in_three_steps(app: flask.Flask, secretariat: Browser) -> None:
    listed = secretariat.get("/kabupaten-kota").text
    assert "0 dari 10 gugus tugas" in listed
    page = secretariat.get(f"/kabupaten-kota/{CODE}").text
    assert 'value="Dinas Sosial Kota Balikpapan"' in page
    fields = table(page)
    fields["name-dinsos"] = "Dinas Sosial dan Pemberdayaan Masyarakat Kota Balikpapan"
    secretariat.post(
        f"/kabupaten-kota/{CODE}",
        {**fields, "scan": (io.BytesIO(pdf("SK.")), "SK.pdf")},
    )
    assert state(app) is TaskForceState.DRAFTING
    page = secretariat.get(f"/kabupaten-kota/{CODE}").text
    assert "Dinas Sosial dan Pemberdayaan Masyarakat" in page
    assert "SK.pdf" in page
    secretariat.post(
        f"/kabupaten-kota/{CODE}/terbitkan",
        {"revision": table(page)["revision"]},
        page=f"/kabupaten-kota/{CODE}",
    )
    assert state(app) is TaskForceState.ACTIVE
    with app.app_context():
        names = set(
            db.session.scalars(
                sa.select(Agency.name).where(Agency.task_force_id == factories.task_force(CODE).id)
            )
        )
    assert "Dinas Sosial dan Pemberdayaan Masyarakat Kota Balikpapan" in names
    assert len(names) > 10
    # From now on it is its own secretariat's alone; the province sees numbers.
    secretariat.get(f"/kabupaten-kota/{CODE}", status=404)
    listed = secretariat.get("/kabupaten-kota").text
    assert "1 dari 10 gugus tugas" in listed
    assert "Pemberdayaan Masyarakat Kota" not in listed


def test_what_is_wrong_is_said_and_kept(app: flask.Flask, secretariat: Browser) -> None:
    fields = table(secretariat.get(f"/kabupaten-kota/{CODE}").text)
    fields["name-dinsos"] = ""
    fields["short-dispora"] = "Dispora dan NIK 6472015505080001"
    fields["signed_on"] = ""
    answer = secretariat.post(f"/kabupaten-kota/{CODE}", fields, status=422)
    assert "Isi nama instansi." in answer.text
    assert "Isi nomor dan tanggal SK" in answer.text
    assert "Ada angka seperti NIK" in answer.text
    assert 'value="188.44/12/2026"' in answer.text
    assert state(app) is TaskForceState.NOT_STARTED


def test_two_who_draft_at_once_do_not_overwrite_each_other(
    app: flask.Flask, secretariat: Browser
) -> None:
    fields = table(secretariat.get(f"/kabupaten-kota/{CODE}").text)
    page = f"/kabupaten-kota/{CODE}"
    secretariat.post(page, fields)
    secretariat.post(page, fields, status=409)
    secretariat.post(f"{page}/terbitkan", {"revision": "0"}, page=page, status=409)
    assert state(app) is TaskForceState.DRAFTING


def test_the_first_officer_is_invited_by_the_province(
    app: flask.Flask, secretariat: Browser
) -> None:
    secretariat.post(
        f"/kabupaten-kota/{CODE}/sekretariat",
        {"email": "sekretariat.bpp@uji.example", "name": "Sekretariat Kota Balikpapan"},
    )
    with app.app_context():
        (grant,) = db.session.execute(
            sa.text(
                "SELECT g.kind, f.code FROM access_grant g JOIN account a ON a.id = g.account_id "
                "JOIN task_force f ON f.id = g.task_force_id "
                "WHERE a.email = 'sekretariat.bpp@uji.example'"
            )
        ).all()
    assert tuple(grant) == ("secretariat", CODE)
    for other in ("64", "31.71"):
        secretariat.get(f"/kabupaten-kota/{other}/sekretariat", status=404)


def test_the_counts_are_what_the_rows_say(app: flask.Flask, secretariat: Browser) -> None:
    page = f"/kabupaten-kota/{CODE}"
    secretariat.post(page, table(secretariat.get(page).text))
    secretariat.post(f"{page}/terbitkan", {"revision": "1"}, page=page)
    with app.app_context():
        province = Viewer(None, AccessKind.LEADERSHIP, task_force_id=factories.task_force().id)
        row = next(r for r in queries.below(province, today()) if r.code == CODE)
        force = factories.task_force(CODE)
        duties = db.session.execute(
            sa.select(DutyRevision.duty_id, DutyRevision.agency_id)
            .join(Duty, Duty.id == DutyRevision.duty_id)
            .where(Duty.task_force_id == force.id)
        ).all()
        assert (row.duties, row.unanswered) == (len(duties), len(duties))
        assert row.without_focal_point == row.agencies
        duty_id, agency_id = duties[0]
        account = factories.person(AccessKind.FOCAL_POINT, "dispora").account_id
        force_id = factories.task_force(CODE).id
        answer_duty(
            duty_id,
            Answer.ACCEPTED,
            by=Viewer(account, AccessKind.FOCAL_POINT, task_force_id=force_id, agency_id=agency_id),
        )
        after = next(r for r in queries.below(province, today()) if r.code == CODE)
        assert after.unanswered == len(duties) - 1
        assert queries.below(replace(province, task_force_id=force_id), today()) == []


LISTED = 'id="tanpa-pemegang"'


def test_what_laws_give_to_a_regency_is_listed_until_a_duty_cites_it(
    app: flask.Flask, secretariat: Browser
) -> None:
    """Where the copy is previewed, and after it where the roles are read."""
    address = f"/kabupaten-kota/{CODE}"
    page = secretariat.get(address).text
    assert "Tugas kabupaten/kota tanpa pemegang" in page.partition(LISTED)[2]
    assert "PP 59/2021 Pasal 67" in page
    assert page.count("(belum dicocokkan dengan naskah JDIH)") == 7
    assert LISTED not in secretariat.get("/peran").text, "a province has none of them"
    secretariat.post(address, table(page))
    secretariat.post(f"{address}/terbitkan", {"revision": "1"}, page=address)
    with app.app_context():
        force_id = factories.task_force(CODE).id
        office = person_elsewhere(AccessKind.SECRETARIAT, CODE)
    own = sit_down(app, office)
    assert "PP 59/2021 Pasal 67" in own.get("/peran").text.partition(LISTED)[2]
    with app.app_context():
        mapping = versions.published(force_id)
        assert mapping is not None
        first, *others = mapping.duties
        cited = CitationPart(instrument="pp-59-2021", article="Pasal 67")
        taken = replace(first, citations=[*first.citations, cited])
        load_mapping(replace(mapping, duties=[taken, *others]), by=None, reason="uji")
    page = own.get("/peran").text.partition(LISTED)[2]
    assert "PP 59/2021 Pasal 67" not in page
    assert "PP 59/2021 Pasal 65 huruf a" in page


def test_only_the_secretariat_drafts(app: flask.Flask) -> None:
    browser = signed_in(app, AccessKind.LEADERSHIP)
    browser.get("/kabupaten-kota")
    browser.get(f"/kabupaten-kota/{CODE}", status=403)
