"""kill -9 at each moment of saving a report with a file: what was said to be saved is saved, no
row lacks its file, and what is left over is swept.

`make test` kills a few times at each moment, `make soak` fifty times (docs/reliability.md).
"""

import io
import json
import multiprocessing
import os
import re
import signal
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import flask
import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from coordinator import child, web
from coordinator.clock import real_now
from coordinator.db import db
from coordinator.people.accounts import service as accounts
from coordinator.platform.files import removal, storage
from coordinator.platform.files.intake.answer import CleanFile, pack
from coordinator.platform.files.models import StoredFile
from coordinator.platform.files.rules import JPEG, Reading
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.reports.models import DraftEvidence, Report
from tests import factories
from tests.conftest import Browser

ROUNDS = 50 if os.environ.get("SOAK") else 1


def die(*_args: object, **_more: object) -> None:
    """What a power cut or the kernel's killer does."""
    os.kill(os.getpid(), signal.SIGKILL)


def _before(place: object, name: str) -> None:
    setattr(place, name, die)


def _after(place: object, name: str) -> None:
    real: Callable[..., object] = getattr(place, name)

    def then_die(*args: object, **more: object) -> None:
        real(*args, **more)
        die()

    setattr(place, name, then_die)


def _row_inserted() -> None:
    def inserted(session: Session, _context: object) -> None:
        if any(isinstance(one, DraftEvidence) for one in session.new):
            die()

    event.listen(Session, "after_flush", inserted)


def _file_committed() -> None:
    """The file is attached to the draft in a transaction of its own, before the words."""

    def committed(session: Session) -> None:
        if session.info.get("writing"):
            die()

    event.listen(Session, "after_commit", committed)


def _words_committed() -> None:
    def flushed(session: Session, _context: object) -> None:
        written = [one for one in session.dirty if isinstance(one, Report)]
        if any(one.draft.get("note") for one in written):
            session.info["words"] = True

    def committed(session: Session) -> None:
        if session.info.get("words"):
            die()

    event.listen(Session, "after_flush", flushed)
    event.listen(Session, "after_commit", committed)


MOMENTS: dict[str, Callable[[], None]] = {
    "S1 temporary file written": lambda: _before(os, "fsync"),
    "S2 synced": lambda: _before(Path, "replace"),
    "S3 renamed": lambda: _after(Path, "replace"),
    "S4 row inserted": _row_inserted,
    "S5 file committed": _file_committed,
    "S5 words committed": _words_committed,
    "S6 reply not sent": lambda: _before(web, "_compress"),
}


# (file, words): what is there although nobody got that answer. Words come after their file.
NOTHING, BOTH = (False, False), (True, True)
LEFT = {
    "S5 file committed": (True, False),
    "S5 words committed": BOTH,
    "S6 reply not sent": BOTH,
}


def _photo(data: bytes) -> bytes:
    """The readers' answer, without the half second of a child: it is not what dies here."""
    return pack(CleanFile(JPEG, data, Reading.NONE))


def _save(app: flask.Flask, cookie: str, path: str, fields: dict[str, str], data: bytes) -> int:
    browser = Browser(app)
    with browser.client.session_transaction() as session:
        session.update(json.loads(cookie))
    answer = browser.client.post(
        path,
        data={**fields, "files": (io.BytesIO(data), "foto.jpg"), "act": "simpan"},
        content_type="multipart/form-data",
    )
    return int(answer.status_code)


def _doomed(
    app: flask.Flask,
    strike: Callable[[], None],
    cookie: str,
    path: str,
    fields: dict[str, str],
    data: bytes,
) -> None:
    with app.app_context():
        db.engine.dispose(close=False)
    child.run = lambda _module, _payload: _photo(data)  # type: ignore[assignment]
    strike()
    _save(app, cookie, path, fields, data)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_save_loses_nothing_that_was_promised(
    app: flask.Flask, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        story = factories.story()
        owed = factories.obligation_of(story.assignment, "dispora")
        path = f"/laporan/{owed.public_id}"
        token = accounts.open_session(
            account_id=story.focal_point.account_id or 0, address="127.0.0.1", browser="uji"
        )
        evidence_folder = storage.root()
        db.session.remove()
    browser = Browser(app)
    with browser.client.session_transaction() as session:
        session["_user_id"] = token
    for number in range(ROUNDS):
        page = browser.get(path).text
        with browser.client.session_transaction() as session:
            cookie = json.dumps(dict(session))
        note = f"Catatan {number}"
        data = b"\xff\xd8\xff" + f"{moment} {number}".encode()
        fields = {
            name: found[1]
            for name in ("csrf_token", "form_key", "version")
            if (found := re.search(rf'name="{name}"[^>]*value="([^"]*)"', page))
        } | {"note": note}
        process = multiprocessing.get_context("fork").Process(
            target=_doomed, args=(app, MOMENTS[moment], cookie, path, fields, data)
        )
        process.start()
        process.join()
        assert process.exitcode == -signal.SIGKILL, "it did not die where it should"
        assert _saved(app, data, note) == LEFT.get(moment, NOTHING)
        # The person tries once more, and reads that it is saved.
        with monkeypatch.context() as patch:
            patch.setattr(child, "run", lambda _module, _payload, data=data: _photo(data))
            page = browser.get(path).text
            version = re.search(r'name="version"[^>]*value="([^"]*)"', page)
            assert version
            fields["version"] = version[1]
            assert _save(app, cookie, path, fields, data) == 303
        assert _saved(app, data, note) == BOTH
        browser.post(
            path,
            {**fields, "version": str(int(version[1]) + 1), "act": f"hapus:{_newest(app)}"},
        )
        _nothing_is_missing(app, evidence_folder)
    with app.app_context():
        for path_of in evidence_folder.glob("??/*"):
            long_ago = (real_now() - timedelta(hours=25)).timestamp()
            os.utime(path_of, (long_ago, long_ago))
        _removed, missing = removal.delete_orphans()
        assert missing == 0
        known = set(db.session.scalars(sa.select(StoredFile.sha256)))
        left = {file.name for file in evidence_folder.glob("??/*")}
        assert left == known, "what no row names is swept, what a row names is there"
    print(f"{moment}: {ROUNDS} kills, 0 lost, 0 rows without a file")


def _saved(app: flask.Flask, data: bytes, note: str) -> tuple[bool, bool]:
    """Whether the file is there (once), and whether the words are."""
    with app.app_context():
        found = db.session.scalar(
            sa.select(sa.func.count())
            .select_from(DraftEvidence)
            .join(Evidence, Evidence.id == DraftEvidence.evidence_id)
            .join(StoredFile, StoredFile.id == Evidence.file_id)
            .where(StoredFile.sha256 == sha256(data).hexdigest())
        )
        drafts = [draft.get("note") for draft in db.session.scalars(sa.select(Report.draft))]
        assert found in (0, 1)
        return found == 1, note in drafts


def _newest(app: flask.Flask) -> str:
    with app.app_context():
        return db.session.scalars(
            sa.select(Evidence.public_id).order_by(Evidence.id.desc()).limit(1)
        ).one()


def _nothing_is_missing(app: flask.Flask, folder: Path) -> None:
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            assert db.session.scalar(sa.text("PRAGMA integrity_check")) == "ok"
        for sha, size in db.session.execute(sa.select(StoredFile.sha256, StoredFile.size)):
            data = (folder / sha[:2] / sha).read_bytes()
            assert len(data) == size
            assert sha256(data).hexdigest() == sha
