"""The mail "Apa yang berubah untuk Anda", as its receiver reads it."""

import pytest
import sqlalchemy as sa

from coordinator.db import db
from coordinator.mapping.duties.seed import CitationPart, Mapping
from coordinator.mapping.versions import service
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.mail.models import OutgoingEmail
from tests import factories
from tests.mapping.duties.builders import KEY, reworded

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def secretariat(in_app: None) -> Viewer:
    """A secretariat officer of Kaltim; Dispora has a head."""
    factories.person(AccessKind.AGENCY_HEAD, "dispora")
    return factories.person(AccessKind.SECRETARIAT)


def sent(mapping: Mapping, by: Viewer) -> OutgoingEmail:
    """Publish and return the one mail."""
    service.publish(mapping, by=by, reason="SK")
    return db.session.scalars(
        sa.select(OutgoingEmail).where(OutgoingEmail.kind == service.MAIL_KIND)
    ).one()


def test_an_ordinary_change_is_read_on_a_phone(secretariat: Viewer, mapping: Mapping) -> None:
    old = next(duty.text for duty in mapping.duties if duty.id == KEY)
    mail = sent(reworded(mapping, KEY, text="Mengawasi magang pemuda"), secretariat)
    assert mail.subject == "[TPPO] Peran Dispora berubah: versi 2"
    lines = [line.strip() for line in mail.text.splitlines() if line.strip()]
    assert lines[0] == "Yth. Kepala Dispora,"
    assert lines[1] == "Pemetaan peran versi 2 terbit. Ada 1 perubahan untuk Dispora."
    assert lines[2:5] == ["TUGAS YANG BERUBAH", "- Mengawasi magang pemuda", f"Semula: {old}"]
    assert "1 tugas perlu Anda jawab." in mail.text
    assert len(mail.text.split()) <= 90
    for text in ("Mengawasi magang pemuda", old, "1 tugas perlu Anda jawab."):
        assert text in mail.html


def test_a_long_list_is_cut_and_says_so(secretariat: Viewer, mapping: Mapping) -> None:
    factories.person(AccessKind.FOCAL_POINT, "dkp3a")
    changed = mapping
    own = [duty for duty in mapping.duties if duty.agency == "dkp3a"]
    for number, duty in enumerate(own):
        changed = reworded(
            changed, duty.id, text=f"{number} " + "bunyi yang panjang sekali " * 30, unit="Bidang"
        )
    assert len(own) > 6
    mail = sent(changed, secretariat)
    assert f"dan {len(own) - 3} perubahan lain" in mail.text
    assert f"{len(own)} tugas perlu Anda jawab." in mail.text
    assert len(mail.text.split()) <= 205  # three of the longest
    assert len(mail.html) < 50_000


def test_a_change_of_basis_alone_asks_for_no_answer(secretariat: Viewer, mapping: Mapping) -> None:
    duty = next(d for d in mapping.duties if d.agency == "dispora" and d.source)
    other = next(s.id for s in mapping.sources if s.id != duty.source)
    mail = sent(reworded(mapping, duty.id, source=other), secretariat)
    assert "DASAR HUKUM YANG BERUBAH" in mail.text
    assert "perlu Anda jawab" not in mail.text
    assert "regulation" not in mail.text


def test_an_article_is_named_as_people_name_it(secretariat: Viewer, mapping: Mapping) -> None:
    cited = [CitationPart(instrument="uu-21-2007", article="Pasal 58")]
    mail = sent(reworded(mapping, KEY, citations=cited), secretariat)
    assert "UU 21/2007 Pasal 58" in mail.text


def test_it_says_what_waits_although_nothing_was_answered_before(
    secretariat: Viewer, mapping: Mapping
) -> None:
    mail = sent(reworded(mapping, KEY, text="Mengawasi magang pemuda"), secretariat)
    assert "2 tugas lain masih menunggu jawaban Anda." in mail.text
    assert "Jawaban lama" not in mail.text


def test_it_says_what_waits_although_nothing_new_is_asked(
    secretariat: Viewer, mapping: Mapping
) -> None:
    mail = sent(reworded(mapping, KEY, example="Contoh lain."), secretariat)
    assert "3 tugas masih menunggu jawaban Anda." in mail.text
    assert "Tidak ada yang perlu dijawab lagi" not in mail.text
