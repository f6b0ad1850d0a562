"""A list becomes people: shown first, applied whole, twice without harm."""

import io
import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import flask
import openpyxl
import pytest
import sqlalchemy as sa

from coordinator.db import db
from coordinator.people.accounts.models import AccessGrant, Account
from coordinator.people.accounts.rules import Standing
from coordinator.people.importing import service
from coordinator.people.onboarding.models import PeopleImport
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.mail.models import OutgoingEmail
from tests import factories
from tests.conftest import NOW, Browser
from tests.people.onboarding.lists import NIK_LIKE, csv_file, person, xlsx

SQLITE_ONLY = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def secretariat(app: flask.Flask, browser: Callable[[], Browser]) -> Browser:
    """The secretariat, signed in."""
    with app.app_context():
        viewer = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
        address = factories.email_of(viewer)
    return browser().sign_in(address, factories.PASSWORD)


def _upload(browser: Browser, data: bytes, name: str = "daftar.xlsx", status: int = 303) -> Any:
    return browser.post("/orang/impor", {"file": (io.BytesIO(data), name)}, status=status)


def _people() -> dict[str, Account]:
    return {account.name: account for account in db.session.scalars(sa.select(Account))}


GOOD = (
    person(
        "Dispora",
        "Orang Satu",
        position="Plt. Kepala Bidang",
        email="kantor@dispora.example",
        telephone="0812 1111 0001",
        letter_number="800/1/CONTOH",
        letter_on="1/10/2026",
    ),
    person("Dispora", "Orang Dua", role="Pengganti", email="kantor@dispora.example"),
    person("Dinas Sosial", "Orang Tiga", role="kepala"),
)


def test_a_list_is_shown_then_applied(app: flask.Flask, secretariat: Browser) -> None:
    answer = _upload(secretariat, xlsx(*GOOD))
    page = secretariat.get(answer.location).text
    assert "Orang Satu" in page
    assert "kantor@dispora.example" in page
    assert "dispora.pengganti" in page, "a shared mailbox gets its second person a user name"
    with app.app_context():
        assert len(_people()) == 1, "nothing changed by looking"
    done = secretariat.post(answer.location, {})
    assert "Daftar sudah diterapkan." in secretariat.get(done.location).text
    with app.app_context():
        people = _people()
        first, second, third = (people[f"Orang {n}"] for n in ("Satu", "Dua", "Tiga"))
        assert (first.email, first.mail_address) == ("kantor@dispora.example",) * 2
        assert (second.email, second.mail_address) == (
            "dispora.pengganti",
            "kantor@dispora.example",
        )
        assert (third.email, third.mail_address) == ("dinsos.kepala", "")
        grant = first.grants[0]
        assert (grant.position, grant.standing) == ("Kepala Bidang", Standing.PLT)
        assert (grant.letter_number, grant.letter_on) == ("800/1/CONTOH", date(2026, 10, 1))
        assert second.grants[0].is_alternate
        assert third.grants[0].kind is AccessKind.AGENCY_HEAD
        assert db.session.scalar(sa.select(sa.func.count()).select_from(OutgoingEmail)) == 0


def test_applying_twice_changes_nothing_more(app: flask.Flask, secretariat: Browser) -> None:
    path = _upload(secretariat, xlsx(*GOOD)).location
    page = secretariat.client.get(path).text
    assert "Terapkan 3 baris" in page
    secretariat.post(path, {})
    secretariat.post(path, {}, page="/orang/impor")
    with app.app_context():
        assert len(_people()) == 4
        stored = db.session.scalars(sa.select(PeopleImport)).one()
        assert stored.rows == [], "the rows are personal data: gone once applied"
    again = _upload(secretariat, xlsx(*GOOD)).location
    text = secretariat.get(again).text
    assert "Tidak ada baris yang akan mengubah apa pun." in text
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(AccessGrant)) == 4


def test_a_changed_list_changes_people(app: flask.Flask, secretariat: Browser) -> None:
    secretariat.post(_upload(secretariat, xlsx(*GOOD)).location, {})
    changed = person(
        "Dispora",
        "ORANG SATU",
        position="Kepala Bidang",
        standing="definitif",
        email="satu@dispora.example",
    )
    path = _upload(secretariat, csv_file(changed), "daftar.csv").location
    assert "Diperbarui" in secretariat.get(path).text
    secretariat.post(path, {})
    with app.app_context():
        account = _people()["Orang Satu"]
        assert account.mail_address == "satu@dispora.example"
        assert account.grants[0].standing is Standing.DEFINITIF
        assert account.telephone == "+6281211110001", "an empty cell says nothing"


def test_wrong_rows_are_listed_and_left_out(app: flask.Flask, secretariat: Browser) -> None:
    rows = (
        GOOD[0],
        person("Dinas Sosail", "Orang Empat"),
        person("Dinsos", "Orang Lima", letter_on="besok"),
        person("Dinsos", "Orang Enam", telephone=NIK_LIKE),
    )
    path = _upload(secretariat, xlsx(*rows)).location
    page = secretariat.get(path).text
    assert "bukan tanggal" in page
    assert "Nama instansi tidak dikenal" in page
    errors = secretariat.get(f"{path}/galat.csv").text
    assert "Daftar;4;Tanggal surat;bukan tanggal; tulis" in errors.replace('"', "")
    assert "Daftar;5;Telepon;ada angka seperti NIK" in errors.replace('"', "")
    assert NIK_LIKE not in page + errors
    secretariat.post(path, {"instansi-1": "dinsos"})
    with app.app_context():
        people = _people()
        assert {"Orang Satu", "Orang Empat"} <= set(people)
        assert not {"Orang Lima", "Orang Enam"} & set(people)
        for table in db.metadata.sorted_tables:
            rows_text = repr([tuple(row) for row in db.session.execute(sa.select(table))])
            assert NIK_LIKE not in rows_text, table.name


def test_a_person_with_titles_is_asked_about_and_no_second_account(
    app: flask.Flask, secretariat: Browser
) -> None:
    secretariat.post(_upload(secretariat, xlsx(GOOD[0])).location, {})
    titled = person("Dispora", "Dr. Orang Satu, M.Si.", email="kantor@dispora.example")
    path = _upload(secretariat, xlsx(titled)).location
    assert "Di instansi ini sudah ada Orang Satu." in secretariat.get(path).text
    secretariat.post(path, {})
    with app.app_context():
        assert len(_people()) == 2, "without an answer the row is left out"
    path = _upload(secretariat, xlsx(titled)).location
    secretariat.post(path, {"jawaban-0": "same"})
    with app.app_context():
        assert len(_people()) == 2
    path = _upload(secretariat, xlsx(titled)).location
    secretariat.post(path, {"jawaban-0": "other"})
    with app.app_context():
        assert _people()["Dr. Orang Satu, M.Si."].email == "dispora.narahubung"


@SQLITE_ONLY
def test_a_person_of_a_row_above_is_asked_about_before_anything_is_applied(
    app: flask.Flask, secretariat: Browser
) -> None:
    titled = person("Dispora", "Dr. Orang Satu, M.Si.", email="kantor@dispora.example")
    elsewhere = person("Dishub", "ORANG SATU")
    path = _upload(secretariat, xlsx(GOOD[0], titled, elsewhere)).location
    page = secretariat.get(path).text
    assert "Di atas, untuk instansi ini, sudah ada Orang Satu. Orang yang sama?" in page
    assert "Orang ini ada juga di instansi lain dalam daftar." in page
    secretariat.post(path, {"jawaban-1": "same", "jawaban-2": "both"})
    with app.app_context():
        people = _people()
        assert len(people) == 2
        assert len(people["Orang Satu"].grants) == 2


@SQLITE_ONLY
def test_the_preview_equals_the_result_and_every_row_is_accounted_for(
    app: flask.Flask, secretariat: Browser
) -> None:
    shared = {"email": "budi@bpbd.example", "telephone": "(0541) 733-766 ext 12"}
    rows = (
        person("Dispora", "Budi Contoh", **shared),
        person("Dispora", "Budi Contoh, S.Sos", **shared),
        person("Dispora", "Ir. Budi Contoh SH", **shared),
        person("Dispora", "Budi Contoh", role="kepala"),
        person("Dishub", "Rina Contoh", email="Rina <rina@dishub.example>"),
        person("Dishub", "Rina Contoh", role="pengganti"),
        person("Dinsos", "Sari Contoh", letter_on="30-Jun-26"),
        person("Dinas Tidak Ada", "Tono Contoh"),
    )
    path = _upload(secretariat, xlsx(*rows)).location
    page = secretariat.get(path)
    assert page.text.count("sudah ada Budi Contoh. Orang yang sama?") == 2
    assert "(0541) 733-766 ext 12 → +62541733766 ext. 12" in page.text
    assert "Rina &lt;rina@dishub.example&gt; → rina@dishub.example" in page.text
    shown = _figures(page.text)
    secretariat.post(path, {})
    done = secretariat.get(path).text
    assert _figures(done) == shown == [3, 0, 0, 2, 3], "baru, diperbarui, ada, dijawab, galat"
    assert sum(shown) == len(rows)
    for place, reason in (
        (3, "tidak dijawab apakah ia orang yang sudah ada di instansi ini"),
        (4, "tidak dijawab apakah ia orang yang sudah ada di instansi ini"),
        (7, "orang yang sama sudah ada di baris sebelumnya"),
        (8, "bukan tanggal"),
        (9, "tidak ada instansi dengan nama ini"),
    ):
        assert re.search(rf"lembar Daftar, baris {place}</th>.*?{reason}", done, re.DOTALL), place
    assert "Contoh" not in done.split("Tidak diterapkan")[1].split("</table>")[0], "no names stay"
    left = secretariat.get(f"{path}/galat.csv").text.replace('"', "")
    assert "Daftar;3;;tidak dijawab" in left
    assert "Daftar;8;Tanggal surat;bukan tanggal" in left
    with app.app_context():
        people = _people()
        assert people["Budi Contoh"].telephone == "+62541733766 ext. 12"
        assert [grant.kind for grant in people["Budi Contoh"].grants] == [
            AccessKind.FOCAL_POINT,
            AccessKind.AGENCY_HEAD,
        ]


def _figures(page: str) -> list[int]:
    """Return the numbers above a list, in their order."""
    words = ("Baru", "Diperbarui", "Sudah ada", "(?:Perlu|Tidak) dijawab", "Galat")
    return [
        int(found[1])
        for word in words
        if (found := re.search(rf"<dt>{word}</dt><dd>(\d+)</dd>", page))
    ]


@pytest.mark.parametrize(
    ("answer", "offices"),
    [("", ["dispora"]), ("moved", ["dishub"]), ("both", ["dishub", "dispora"])],
)
def test_who_is_now_in_another_office_is_asked_about(
    app: flask.Flask, secretariat: Browser, answer: str, offices: list[str]
) -> None:
    secretariat.post(_upload(secretariat, xlsx(GOOD[0])).location, {})
    moved = person("Dishub", "Orang Satu", email="kantor@dispora.example")
    path = _upload(secretariat, xlsx(moved)).location
    page = secretariat.get(path).text
    assert "masih memegang akses Dispora" in page
    assert "Pindah dari Dispora" in page
    assert "/serah-terima?instansi=dispora" in page
    secretariat.post(path, {"jawaban-0": answer})
    with app.app_context():
        held = [grant for grant in _people()["Orang Satu"].grants if grant.ended_at is None]
        assert sorted(grant.agency.slug for grant in held if grant.agency) == offices


@SQLITE_ONLY
def test_what_was_left_out_of_the_file_is_said(secretariat: Browser) -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx(*GOOD)))
    book["Daftar"].row_dimensions[3].hidden = True
    out = io.BytesIO()
    book.save(out)
    page = secretariat.get(_upload(secretariat, out.getvalue()).location).text
    assert "Baris tersembunyi tidak dibaca: 3." in page


@SQLITE_ONLY
def test_a_bad_file_says_so_at_its_field(secretariat: Browser) -> None:
    for data, words in (
        (b"", "Berkas kosong."),
        (b"PK\x03\x04 cut off", "rusak"),
        (b"x" * 5_000_001, "paling besar 5 MB"),
    ):
        assert words in _upload(secretariat, data, "daftar.csv", status=422).text
    secretariat.post("/orang/impor", {}, status=422)


@SQLITE_ONLY
def test_an_upload_is_its_owners_and_lasts_a_day(
    app: flask.Flask, secretariat: Browser, browser: Callable[[], Browser], clock: Any
) -> None:
    path = _upload(secretariat, xlsx(*GOOD)).location
    with app.app_context():
        other = factories.email_of(
            factories.person(AccessKind.SECRETARIAT, email="lain@uji.example", home="dkp3a")
        )
    stranger = browser().sign_in(other, factories.PASSWORD)
    stranger.get(path, status=404)
    stranger.post(path, {}, page="/orang/impor", status=404)
    secretariat.get(path)
    clock.move_to(NOW + timedelta(hours=24, seconds=1))
    with app.app_context():
        assert service.forget_old_imports() == 1
        assert db.session.scalar(sa.select(sa.func.count()).select_from(PeopleImport)) == 0


@SQLITE_ONLY
def test_the_template_comes_back_as_a_list(app: flask.Flask, secretariat: Browser) -> None:
    """What is filled in next to its drop-downs is read without a fault."""
    data = secretariat.get("/orang/impor/templat.xlsx").data
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Daftar", "Pilihan", "Petunjuk"]
    assert len(book["Daftar"].data_validations.dataValidation) == 3
    names = [cell.value for cell in book["Pilihan"]["A"]]
    assert "Dispora" in names
    book["Daftar"].append(["Dispora", "Orang Templat", "narahubung"])
    out = io.BytesIO()
    book.save(out)
    path = _upload(secretariat, out.getvalue()).location
    assert "Terapkan 1 baris" in secretariat.get(path).text


@SQLITE_ONLY
def test_the_shell_does_the_same(app: flask.Flask, tmp_path: Path) -> None:
    file = tmp_path / "daftar.csv"
    file.write_bytes(csv_file(*GOOD, person("Dinsos", "Orang", letter_on="x")))
    runner = app.test_cli_runner()
    dry = runner.invoke(args=["accounts", "import", str(file), "--dry-run", "--json"])
    assert json.loads(dry.output)["new"] == 3
    with app.app_context():
        assert _people() == {}
    done = runner.invoke(args=["accounts", "import", str(file)])
    assert done.exit_code == 1, "one row was wrong"
    assert "3 baru, 0 diperbarui, 0 sudah ada, 0 perlu dijawab di layar, 1 galat." in done.output
    with app.app_context():
        assert len(_people()) == 3
    assert runner.invoke(args=["accounts", "import", "/tidak/ada.csv"]).exit_code == 2
    args = ["accounts", "import", str(file), "--task-force", "99"]
    assert runner.invoke(args=args).exit_code == 1


@SQLITE_ONLY
def test_sixty_agencies_come_aboard_in_one_go(app: flask.Flask) -> None:
    with app.app_context():
        viewer = Viewer(None, AccessKind.SECRETARIAT, factories.task_force().id)
        rows = service.read(
            xlsx(*[person("Dispora", f"Orang {n}", email=f"o{n}@uji.example") for n in range(60)]),
            by=viewer,
        ).rows
        assert service.apply_rows(rows, {}, by=viewer)["new"] == 60
        assert service.apply_rows(rows, {}, by=viewer)["same"] == 60
