"""The page of long work: truth without a script, a file only for those who may have it."""

from collections.abc import Callable

import flask
import pytest
import sqlalchemy as sa

from coordinator.db import db
from coordinator.permissions import AccessKind
from coordinator.platform.audit.models import AccessLog
from coordinator.platform.background_jobs import running, service, storage
from coordinator.platform.background_jobs.running import Product
from tests import factories
from tests.conftest import Browser

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def work(app: flask.Flask) -> str:
    """Work the leadership asked for, running, one of four steps done."""
    with app.app_context():
        asker = factories.person(AccessKind.LEADERSHIP, home="biro-kesra")
        factories.person(AccessKind.AUDITOR, home="inspektorat")
        public_id = service.enqueue("uji", title="Uji coba", params={}, by=asker)
        claim = service.claim_next("kerja")
        assert claim is not None
        service.report_progress(claim.id, "kerja", done=1, total=4)
        db.session.remove()
        return public_id


@pytest.fixture
def asker(work: str, browser: Callable[[], Browser]) -> Browser:
    return browser().sign_in("leadership.biro-kesra@uji.example", factories.PASSWORD)


def end(app: flask.Flask, public_id: str) -> None:
    """Let the work end with a file."""
    with app.app_context():
        task_id = db.session.scalar(sa.text("SELECT id FROM background_task"))
        storage.keep(public_id, b"isi berkas")
        service.finish(
            int(task_id or 0), "kerja", note="Satu.", result=("uji.zip", "application/zip")
        )


def test_the_page_says_how_far(app: flask.Flask, work: str, asker: Browser) -> None:
    page = asker.get(f"/pekerjaan/{work}").text
    assert "1 dari 4" in page
    assert 'value="25"' in page
    assert "Aman menutup halaman ini" in page
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
    part = asker.client.get(f"/pekerjaan/{work}/keadaan")
    assert "1 dari 4" in part.text
    assert "HX-Refresh" not in part.headers
    assert "<html" not in part.text
    asker.get(f"/pekerjaan/{work}/berkas", status=404)
    assert "Uji coba" in asker.get("/pekerjaan").text


def test_the_file_is_an_attachment_and_its_reading_is_noted(
    app: flask.Flask, work: str, asker: Browser
) -> None:
    end(app, work)
    assert asker.client.get(f"/pekerjaan/{work}/keadaan").headers["HX-Refresh"] == "true"
    page = asker.get(f"/pekerjaan/{work}").text
    assert "Unduh uji.zip" in page
    assert "refresh" not in page
    answer = asker.get(f"/pekerjaan/{work}/berkas")
    assert answer.data == b"isi berkas"
    assert answer.headers["Content-Disposition"] == "attachment; filename=uji.zip"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert (
        "no-store" in answer.headers["Cache-Control"]
        or "no-cache" in (answer.headers["Cache-Control"])
    )
    with app.app_context():
        assert db.session.scalars(sa.select(AccessLog.subject_id)).all() == [f"uji/{work}"]
        storage.path_of(work).unlink()
    asker.get(f"/pekerjaan/{work}/berkas", status=404)
    assert "sudah dihapus setelah 24 jam" in asker.get(f"/pekerjaan/{work}").text


def test_another_users_task_is_not_found(
    app: flask.Flask, work: str, browser: Callable[[], Browser]
) -> None:
    end(app, work)
    auditor = browser().sign_in("auditor.inspektorat@uji.example", factories.PASSWORD)
    for path in ("", "/keadaan", "/berkas"):
        auditor.get(f"/pekerjaan/{work}{path}", status=404)
    auditor.post(f"/pekerjaan/{work}/batal", {}, page="/akun", status=404)


def test_cancelling(app: flask.Flask, work: str, asker: Browser) -> None:
    asker.post(f"/pekerjaan/{work}/batal", {}, page=f"/pekerjaan/{work}")
    assert "Dibatalkan." in asker.get(f"/pekerjaan/{work}").text
    with app.app_context():
        assert running.run_queued({"uji": lambda _work: Product()}) == "0 pekerjaan"
