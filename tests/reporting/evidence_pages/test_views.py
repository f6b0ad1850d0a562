"""The page of one file, its download, and the uploader, over HTTP without a script."""

import io
import re
from collections.abc import Callable

import flask
import sqlalchemy as sa

from coordinator.db import db
from coordinator.platform.audit.models import AccessLog
from coordinator.platform.files import storage
from coordinator.reporting.evidence.models import Evidence
from tests import factories
from tests.conftest import Browser
from tests.platform.files import builders
from tests.platform.files.builders import NIK


def _save(
    person: Browser, path: str, files: list[tuple[bytes, str]], *, status: int, **more: str
) -> str:
    page = person.get(path).text
    fields = {
        name: found[1]
        for name in ("form_key", "version")
        if (found := re.search(rf'name="{name}"[^>]*value="([^"]*)"', page))
    }
    uploads = [(io.BytesIO(data), name) for data, name in files]
    answer = person.post(path, {**fields, "files": uploads, "act": "simpan", **more}, status=status)
    return str(answer.text)


def test_a_file_from_upload_to_withdrawal(app: flask.Flask, browser: Callable[[], Browser]) -> None:
    with app.app_context():
        story = factories.story()
        owed = factories.obligation_of(story.assignment, "dispora")
        path, draft = f"/laporan/{owed.public_id}", factories.draft_for(owed)
        names = [factories.email_of(one) for one in (story.focal_point, story.secretariat)]
        db.session.remove()
    person, officer = (browser().sign_in(name, factories.PASSWORD) for name in names)

    refused = _save(
        person,
        path,
        [
            (builders.pdf(f"NIK {NIK}"), f"ktp {NIK}.pdf"),
            (builders.word(lambda document: document.add_paragraph(NIK)), "daftar.docx"),
            (builders.pdf("Hubungi 0812-3456-7890.", info={"Author": "Pembuat"}), "notula.pdf"),
        ],
        status=422,
    )
    assert "daftar.docx: Di dalam berkas ini ada angka seperti NIK" in refused
    assert "Nama berkas memuat angka seperti NIK" in refused
    assert NIK not in refused
    assert "notula.pdf" in refused  # the good one is kept
    assert "nama pembuat, data tersembunyi dihapus" in refused
    assert "Perlu dipastikan" in refused
    page = re.search(r'href="(/bukti/[^"]+/rincian)"', refused)
    assert page

    late = _save(person, path, [], status=422, **draft, confirmed="y", act="kirim")
    assert "notula.pdf memuat nomor telepon (1)" in late
    officer.get(page[1], status=404)
    person.post(page[1], {"act": "pastikan"})
    person.post(page[1], {"act": "tingkat", "level": "restricted"})
    _save(person, path, [], status=303, **draft, confirmed="y", act="kirim")

    detail = officer.get(page[1]).text
    assert "sudah memastikan" in detail
    file = officer.get(page[1].removesuffix("/rincian"))
    assert file.headers["Content-Disposition"] == "attachment; filename=notula.pdf"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in file.headers["Content-Security-Policy"]
    assert "no-store" in file.headers["Cache-Control"]
    assert b"Pembuat" not in file.data

    assert "Pilih alasannya" in officer.post(page[1], {"act": "tarik"}, status=422).text
    bad = {"act": "tarik", "reason": "other", "note": f"NIK {NIK}"}
    assert "seperti NIK" in officer.post(page[1], bad, status=422).text
    officer.post(page[1], {"act": "tarik", "reason": "identity"})
    assert "memuat identitas korban atau saksi" in officer.get(page[1]).text
    officer.get(page[1].removesuffix("/rincian"), status=404)
    assert "Ditarik: memuat identitas" in person.get(path).text
    assert "Ditarik: memuat identitas" in officer.get(path.replace("laporan", "verifikasi")).text
    officer.post(page[1], {"act": "tarik", "reason": "identity"}, page=path, status=409)
    with app.app_context():
        seen = db.session.scalars(sa.select(AccessLog.what)).all()
        assert list(seen) == ["evidence"]
        assert db.session.scalars(sa.select(Evidence.file_id)).one() is None
        assert not [one for one in storage.root().glob("??/*") if one.is_file()]
