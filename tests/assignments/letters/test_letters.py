"""Letters of assignment: what they say, what is kept, who may read them."""

import io
import json
import re
import zipfile
from dataclasses import replace

import flask
import pytest
import sqlalchemy as sa

from coordinator.assignments.letters import queries, service
from coordinator.assignments.letters.jobs import make_all_letters
from coordinator.assignments.letters.models import AssignmentLetter
from coordinator.assignments.letters.rules import addressee, kept_body, kept_head
from coordinator.db import db
from coordinator.errors import InvalidInput, NotAllowed, NotFound
from coordinator.permissions import AccessKind
from coordinator.platform.audit.models import AccessLog, AuditEntry
from coordinator.platform.background_jobs.running import Work
from tests import factories
from tests.assignments.letters.builders import body_of, head, seated, session_of
from tests.oversight.cards.builders import pages


def test_a_kept_letter_reads_back_as_it_was_made(in_app: None) -> None:
    story = factories.story()
    body = body_of("dispora")
    assert (body.leads, body.supports) == (1, 0)
    assert body.addressee == "Kepala Dinas Pemuda dan Olahraga"
    (action,) = body.actions
    assert action.part == "Penanggung jawab"
    assert action.basis == "Surat 463/01/UJI, 23 September 2026"
    assert action.due == "31 Desember 2026"
    assert action.indicators[0].endswith(": 12 kegiatan")
    # No text assigns this duty: the letter says so, and leans on no law for it.
    assert action.duties[0].basis.startswith("Belum ditetapkan (")
    assert body.unsettled.startswith("Uraian tugas di lampiran belum ditetapkan")
    assert not any(basis.startswith(("Undang-Undang", "Peraturan")) for basis in body.bases)
    assert body.periods == ("Triwulan III 2026: dilaporkan 1 Oktober 2026 sampai 16 Oktober 2026",)
    assert body_of("disnakertrans").actions[0].part == "Pendukung Dispora"

    letter = service.make_letter("dispora", head(), by=story.secretariat)
    assert service.make_letter("dispora", head(), by=story.secretariat) is letter
    kept = json.loads(json.dumps(letter.content))
    assert kept_body(kept) == body
    assert kept_head(kept) == head()
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.subject_id) == ("letter.made", letter.public_id)

    row = {one.slug: one for one in queries.agencies_with_work(story.secretariat)}
    assert set(row) == {"dispora", "disnakertrans"}
    assert row["dispora"].letter is letter
    assert not row["dispora"].is_outdated
    # More work: the list says that the letter no longer tells all, and the kept one stays.
    factories.assign(story.secretariat, "1.2", "dispora")
    assert body_of("dispora").substance != letter.content_hash
    assert kept_body(letter.content) == body
    with pytest.raises(InvalidInput, match="Nomor ini sudah dipakai"):
        service.make_letter("dispora", head(), by=story.secretariat)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_duty_with_an_article_names_it(in_app: None) -> None:
    story = factories.story()
    factories.assign(story.secretariat, "5.1", "polda")
    body = body_of("polda")
    assert any(basis.startswith("Peraturan Pemerintah Nomor 9 Tahun 2008") for basis in body.bases)
    assert "PP 9/2008 Pasal" in body.actions[0].duties[0].basis
    assert all("belum dicocokkan dengan naskah JDIH" in one for one in body.bases[:1])


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_who_may_make_one_and_for_whom(in_app: None) -> None:
    story = factories.story()
    with pytest.raises(NotAllowed):
        service.make_letter("dispora", head(), by=story.focal_point)
    with pytest.raises(NotFound, match="belum ditugasi"):
        service.make_letter("dinkes", head(), by=story.secretariat)
    with pytest.raises(NotFound):
        service.make_letter("tidak-ada", head(), by=story.secretariat)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AssignmentLetter)) == 0


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_all_letters_at_once(in_app: None) -> None:
    story = factories.story()
    steps: list[int] = []
    work = Work(
        story.secretariat,
        {"head": head(number="").data()},
        lambda done, _total: steps.append(done) is None,
    )
    product = make_all_letters(work)
    assert (product.name, product.note) == ("surat-penugasan_64_2026-10-13.zip", "2 surat.")
    assert product.data is not None
    with zipfile.ZipFile(io.BytesIO(product.data)) as archive:
        assert sorted(archive.namelist()) == [
            f"surat-penugasan_64_{name}"
            for name in ("disnakertrans.docx", "disnakertrans.pdf", "dispora.docx", "dispora.pdf")
        ]
        text = " ".join(pages(archive.read("surat-penugasan_64_dispora.pdf")))
    assert "Dinas Pemuda dan Olahraga" in text
    assert steps == [0, 1]
    make_all_letters(replace(work, report=lambda _done, _total: True))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AssignmentLetter)) == 2


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_the_secretariat_makes_one_on_screen_and_the_agency_fetches_it(
    app: flask.Flask,
) -> None:
    with app.app_context():
        story = factories.story()
        other = factories.person(AccessKind.AGENCY_HEAD, "disdikbud")
        sessions = {
            name: session_of(viewer)
            for name, viewer in (
                ("office", story.secretariat),
                ("agency", story.focal_point),
                ("other", other),
                ("leader", story.leadership),
            )
        }
    people = {name: seated(app, session) for name, session in sessions.items()}
    office = people["office"]
    assert "2 instansi ditugasi, 2 belum pernah" in office.get("/penugasan/surat").text
    page = "/penugasan/surat/dispora"
    typed = {"number": "463/017", "dated_on": "13/10/2026", "nature": "usual"}
    refused = office.post(page, {**typed, "signer": "Kepala 6472010101900001"}, status=422)
    assert "NIK" in refused.text
    assert 'value="463/017"' in refused.text
    odd = {**typed, "number": "463/016", "signer": "Sekretaris 中文", "place": "Samarinda ,"}
    asked = office.post(page, odd, status=422).text
    assert "Huruf 中文 tidak ada di fon surat dan akan tercetak [?]" in asked
    assert 'name="yakin-signer" value="中文"' in asked, "and may be meant"
    made = office.post(page, {**odd, "yakin-signer": "中文", "copies": "✔ Kepala Biro\n- Arsip"})
    with app.app_context():
        head = db.session.scalars(sa.select(AssignmentLetter)).one().content["head"]
        assert (head["place"], head["copies"]) == ("Samarinda", ["Kepala Biro", "Arsip"])
    assert made.status_code == 303
    answer = office.post(page, {**typed, "signer": "Sekretaris", "copies": "Arsip"})
    shown = office.get(answer.location)
    assert "Surat dibuat." in shown.text
    pdf, docx = re.findall(r'href="(/surat-penugasan/[^"]+)"', shown.text)[:2]
    for path, start in ((pdf, b"%PDF"), (docx, b"PK")):
        for name in ("office", "agency", "leader"):
            file = people[name].get(path)
            assert file.data.startswith(start)
            assert "surat-penugasan_64_dispora_2026-10-13" in file.headers["Content-Disposition"]
        people["other"].get(path, status=404)
    assert "463/017" in people["agency"].get("/tugas-saya/surat").text
    assert "463/017" not in people["other"].get("/tugas-saya/surat").text
    with app.app_context():
        seen = db.session.scalars(
            sa.select(AccessLog).where(AccessLog.what == "assignment_letter")
        ).all()
        assert len(seen) == 6


def test_to_whom_a_letter_goes() -> None:
    assert addressee("Dinas Sosial") == "Kepala Dinas Sosial"
    assert addressee("Inspektorat Daerah") == "Pimpinan Inspektorat Daerah"
    assert addressee("Lembaga Perlindungan Saksi dan Korban").startswith("Pimpinan Lembaga")
