"""The texts of laws: their sources are kept, the old stay, and no law is refused for its numbers.

All passages are DATA CONTOH; what is like a law is the shape of its numbers.
"""

import io
import re
import time
from datetime import date

import flask
import pytest
import sqlalchemy as sa

from coordinator.db import db
from coordinator.errors import InvalidInput, NotAllowed, NotFound
from coordinator.mapping.duties.text_models import InstrumentText
from coordinator.mapping.text_checks import queries
from coordinator.mapping.text_checks.rules import LONGEST_TEXT
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.files.models import StoredFile
from tests import factories
from tests.mapping.answers.builders import NIK, person_elsewhere, sit_down
from tests.mapping.text_checks.builders import LAW, bring, lawyer
from tests.platform.files.builders import pdf
from tests.reporting.evidence.builders import picture

NUMBERS = """DATA CONTOH
LEMBARAN NEGARA REPUBLIK INDONESIA TAHUN 2007 NOMOR 58
TAMBAHAN LEMBARAN NEGARA REPUBLIK INDONESIA NOMOR 4720
(LN 2007/58, TLN 4720; LN 2014/293, TLN 5602) (BN 2023/1050) 2007/58 4720 2014/293 5602
2023, No. 1050
- 12 -
- 13 -
SK No 123456 A
Pasal 1
(1) Contoh denda Rp5.000.000.000.000,00 (lima triliun rupiah), 120.000.000,00 atau 600.000.000,00.
(2) Contoh ayat (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), dan (12).
1.
2.
3.
4.
5.
6.
7.
8.
9.
10.
11.
12.
Diundangkan pada tanggal 19-04-2007, berlaku 19/04/2007 sampai 31.12.2029.
Kode 2.08.03.1.01.0001 2.08.03.1.01.0002 dan 64.01 64.02 64.03 64.07 64.08 64.09 64.11
NIP. 19640315 199003 1 004
"""


@pytest.mark.usefixtures("in_app")
class TestService:
    """Bringing texts."""

    def test_a_law_is_not_refused_for_its_numbers(self) -> None:
        checker = lawyer()
        kept = queries.text(checker, bring(checker, NUMBERS))
        assert kept is not None
        assert kept.text == NUMBERS.strip()

    def test_an_identity_number_is_refused_with_its_line(self) -> None:
        checker = lawyer()
        with pytest.raises(InvalidInput) as refused:
            bring(checker, f"{NUMBERS}\nNIK {NIK}\n")
        line = NUMBERS.count("\n") + 2
        assert f"Baris {line} memuat angka seperti NIK" in refused.value.fields["text"]
        assert NIK not in str(refused.value)

    def test_a_long_law_is_taken_in_seconds_and_one_too_long_is_refused(self) -> None:
        checker = lawyer()
        piece = "Pasal 1\n(1) Contoh paling singkat 3 (tiga) tahun, denda Rp120.000.000,00.\n"
        law = piece * (LONGEST_TEXT // len(piece))
        began = time.process_time()
        bring(checker, law)
        assert time.process_time() - began < 20
        with pytest.raises(InvalidInput):
            bring(checker, law + piece)

    def test_a_newer_text_leaves_the_older_with_its_source(self) -> None:
        checker = lawyer()
        bring(checker, LAW, source="https://jdih.contoh.test/naskah", taken_on=date(2026, 10, 1))
        bring(checker, LAW.replace("Contoh:", "Contoh lain:"), source="salinan dari Biro Hukum")
        instrument = queries.instrument(checker, "uu-21-2007")
        assert instrument is not None
        assert [(one.source, one.taken_on) for one in queries.texts(checker, instrument.id)] == [
            ("salinan dari Biro Hukum", date(2026, 10, 13)),
            ("https://jdih.contoh.test/naskah", date(2026, 10, 1)),
        ]

    def test_the_same_text_twice_is_one(self) -> None:
        checker = lawyer()
        assert bring(checker) == bring(checker)

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"source": " "}, "source"),
            ({"taken_on": date(2026, 10, 14)}, "taken_on"),
            ({"taken_on": date(2000, 1, 1)}, "taken_on"),
            ({"source": f"dari {NIK}"}, "source"),
            ({"text": ""}, "text"),
        ],
    )
    def test_what_is_missing_is_refused_at_its_field(
        self, change: dict[str, object], field: str
    ) -> None:
        with pytest.raises(InvalidInput) as refused:
            bring(lawyer(), **{"text": LAW, **change})  # type: ignore[arg-type]
        assert list(refused.value.fields) == [field]

    def test_only_checkers_of_this_task_force_bring_and_read(self) -> None:
        checker = lawyer()
        text_id = bring(checker)
        with pytest.raises(NotAllowed):
            bring(factories.person(AccessKind.FOCAL_POINT, "dispora"))
        stranger = person_elsewhere(AccessKind.SECRETARIAT)
        assert queries.text(stranger, text_id) is None
        with pytest.raises(NotFound):
            bring(stranger)


@pytest.fixture
def desk(app: flask.Flask) -> Viewer:
    with app.app_context():
        viewer = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
        db.session.remove()
    return viewer


PAGE = "/peran/naskah/peraturan/uu-21-2007"


def _pdf(name: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(pdf("Contoh naskah.")), name


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_pdf_is_taken_and_handed_out_and_a_picture_is_not(app: flask.Flask, desk: Viewer) -> None:
    one = sit_down(app, desk)
    sent = {"source": "JDIH contoh", "taken_on": "12/10/2026", "text": ""}
    refused = one.post(PAGE, {**sent, "file": picture()}, status=422)
    assert "Naskah hukum dilampirkan sebagai PDF." in refused.text
    assert "JDIH contoh" in refused.text, "what was typed stays"
    unknown = {**sent, "file": (io.BytesIO(b"\x00\x01 contoh"), "uu.xyz")}
    refused = one.post(PAGE, unknown, status=422)
    assert "Jenis berkas ini tidak diterima. Kirim PDF." in refused.text
    assert "JPG" not in refused.text
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 0
        db.session.remove()
    one.post(PAGE, {**sent, "file": _pdf("uu contoh.pdf")})
    assert "JDIH contoh" in one.get(PAGE).text
    with app.app_context():
        text_id = db.session.scalars(sa.select(InstrumentText.public_id)).one()
        db.session.remove()
    answer = one.get(f"/peran/naskah/teks/{text_id}")
    assert answer.mimetype == "application/pdf"
    assert "uu contoh.pdf" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_pasted_text_is_kept_shown_and_downloaded(app: flask.Flask, desk: Viewer) -> None:
    one = sit_down(app, desk)
    sent = {"source": "JDIH contoh", "taken_on": "12/10/2026"}
    both = {**sent, "text": LAW, "file": _pdf("uu.pdf")}
    assert "Pilih salah satu" in one.post(PAGE, both, status=422).text
    one.post(PAGE, {**sent, "text": LAW})
    page = one.get(f"{PAGE}?selesai=1").text
    assert "Mulai mencocokkan Pasal 32" in " ".join(page.split())
    with app.app_context():
        text_id = db.session.scalars(sa.select(InstrumentText.public_id)).one()
        db.session.remove()
    answer = one.get(f"/peran/naskah/teks/{text_id}")
    assert answer.text == LAW.strip()
    assert answer.mimetype == "text/plain"


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_the_list_says_what_was_found_and_takes_a_text_back(app: flask.Flask, desk: Viewer) -> None:
    one = sit_down(app, desk)
    sent = {"source": "JDIH contoh", "taken_on": "12/10/2026"}
    one.post(PAGE, {**sent, "text": LAW})
    said = re.findall(r"\d+ dari \d+ pasal ditemukan", " ".join(one.get(PAGE).text.split()))
    assert said == ["3 dari 21 pasal ditemukan"]
    one.post(PAGE, {**sent, "source": "keliru", "text": "Pasal 1\nContoh lain."})
    with app.app_context():
        step = next(s for s in queries.steps(desk) if s.article == "Pasal 32")
        wrong = db.session.scalars(
            sa.select(InstrumentText.public_id).where(InstrumentText.source == "keliru")
        ).one()
        db.session.remove()
    page = " ".join(one.get(f"/peran/naskah/{step.id}").text.split())
    assert "Contoh: penyidik dapat memerintahkan pemblokiran harta." in page
    assert "Naskah yang lebih baru tidak memuat pasal ini." in page
    answer = one.post(f"/peran/naskah/teks/{wrong}/tarik", {})
    page = " ".join(one.get(answer.headers["Location"]).text.split())
    assert "Naskah ditarik." in page
    assert "Ditarik" in page
    assert "Naskah yang lebih baru" not in one.get(f"/peran/naskah/{step.id}").text
