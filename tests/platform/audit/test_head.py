"""The head of the trail is kept outside the database, and every cut of the chain is seen."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import flask
import pytest
import sqlalchemy as sa
import time_machine

from coordinator.db import db, transactional
from coordinator.platform.audit import service
from coordinator.platform.audit.jobs import seal_audit_entries
from coordinator.platform.audit.models import AuditEntry
from coordinator.platform.audit.service import record
from coordinator.platform.operations.backup import create_backup, place_of_app, verify_backup
from coordinator.platform.operations.head import HEAD_FILE, TrailHead, read_head, write_head
from coordinator.platform.operations.restore import restore_backup
from coordinator.platform.operations.service import ensure_installation
from tests.conftest import NOW


@transactional
def _note(number: int) -> None:
    record("test.noted", by=None, subject=("test", number), number=number)


def _seal(*numbers: int) -> str:
    for number in numbers:
        _note(number)
    return seal_audit_entries()


@pytest.fixture
def sealed(empty_app: flask.Flask, clock: time_machine.Traveller) -> Iterator[Path]:
    """An installation with three seals, a day apart, over six entries, and their head."""
    with empty_app.app_context():
        data_dir = Path(empty_app.config["SETTINGS"].data_dir)
        ensure_installation(data_dir)
        for numbers in ((1, 2, 3), (4, 5), (6,)):
            assert _seal(*numbers) == f"{len(numbers)} catatan disegel"
            clock.shift(timedelta(days=1))
        yield data_dir
        db.session.remove()


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_two_jobs_that_begin_the_head_at_once_raise_no_alarm(
    empty_app: flask.Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the first start the scheduler seals and tells the inspectors in the same moment."""
    data_dir, key = Path(empty_app.config["SETTINGS"].data_dir), "kunci"
    answers = []

    def look() -> None:
        with empty_app.app_context():
            answers.append(service.keep_head(data_dir, key))

    other = threading.Thread(target=look)

    def write_while_another_looks(path: Path, head: TrailHead) -> None:
        if other.ident is None:
            other.start()
            other.join(0.3)  # it has answered by now, or it waits for this one
        write_head(path, head)

    with empty_app.app_context():
        ensure_installation(data_dir)
        _note(1)
        service.seal_audit_entries()
        monkeypatch.setattr(service, "write_head", write_while_another_looks)
        assert service.keep_head(data_dir, key)
    other.join()
    assert answers == [True]


def _force(*statements: str) -> None:
    """Change the database as somebody with its password could."""
    db.session.rollback()
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            for act in ("update", "delete"):
                connection.execute(
                    sa.text(f"DROP TRIGGER IF EXISTS audit_entry_no_{act} ON audit_entry")
                )
        else:
            for act in ("update", "delete"):
                connection.execute(sa.text(f"DROP TRIGGER IF EXISTS audit_entry_no_{act}"))
        for statement in statements:
            connection.execute(sa.text(statement))
        connection.commit()


def _insert(number: int, at: Any) -> None:
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(
            sa.insert(AuditEntry.__table__).values(
                id=number, at=at, action="report.verified", access="secretariat",
                subject_type="report", subject_id="x", details={}, address="", request_id="",
            )
        )  # fmt: skip


CUT = (
    "DELETE FROM sealed_entry WHERE seal_id >= 3",
    "DELETE FROM audit_seal WHERE id >= 3",
    "DELETE FROM audit_entry WHERE id > 5",
)
ALL = ("DELETE FROM sealed_entry", "DELETE FROM audit_seal", "DELETE FROM audit_entry")


def _verify(*more: str) -> tuple[int, dict[str, Any]]:
    app = flask.current_app._get_current_object()  # type: ignore[attr-defined]
    db.session.rollback()
    done = app.test_cli_runner().invoke(args=["audit", "verify", "--json", *more])
    return done.exit_code, json.loads(done.output)


def test_the_head_follows_the_chain(sealed: Path) -> None:
    head = read_head(sealed)
    assert head is not None
    code, answer = _verify()
    assert (code, answer["problems"]) == (0, [])
    assert answer["notices"] == [
        "Jejak audit mulai 13/10/2026 10.00 WITA; kepalanya dicatat sejak 13/10/2026 10.00 WITA."
    ]
    assert head.mark.hash == answer["chain"]["hash"]
    assert (head.mark.seal, head.mark.entries) == (3, 6)
    assert (sealed / HEAD_FILE).stat().st_mode & 0o077 == 0
    assert not list(sealed.glob(f".{HEAD_FILE}*")), "no part of a file is left"


@pytest.mark.parametrize(("statements", "left"), [(CUT, 5), (ALL, 0)])
def test_a_trail_that_was_cut_is_noticed_for_ever(
    sealed: Path, statements: tuple[str, ...], left: int
) -> None:
    _force(*statements)
    code, answer = _verify()
    assert code == 1
    assert any(
        "Jejak audit dipotong: kepala mencatat 6 catatan sampai segel 3" in each
        and f"hanya {left} catatan" in each
        for each in answer["problems"]
    )
    # The job goes on sealing, and does not write the cut chain over what the head remembers.
    assert "kepala tidak cocok" in _seal(7)
    for number in range(8, 20):
        _seal(number)
    code, answer = _verify()
    assert code == 1
    assert any("Jejak audit diganti: kepala mencatat 6" in each for each in answer["problems"])


FORGET = "UPDATE installation SET audit_head_since = NULL"


@pytest.mark.parametrize("at_once", [True, False])
def test_a_trail_emptied_together_with_its_head_is_no_new_installation(
    sealed: Path, at_once: bool, clock: time_machine.Traveller
) -> None:
    """Without SECRET_KEY nobody can make the next tick sign a head over the loss."""
    _force(*ALL, FORGET)
    (sealed / HEAD_FILE).unlink()
    if not at_once:
        for number in (7, 8):
            assert "kepala tidak cocok" in _seal(number)
        assert not (sealed / HEAD_FILE).exists()
    code, answer = _verify()
    assert code == 1
    assert any("padahal instalasi dibuat 13/10/2026" in each for each in answer["problems"])
    if at_once:
        return
    # Only a person's word begins a head there, and it is reported ever after.
    assert flask.current_app.test_cli_runner().invoke(args=["audit", "adopt-head"]).exit_code == 0
    assert "kepala" not in _seal(9)
    code, answer = _verify()
    assert (code, answer["problems"]) == (0, [])
    assert any("diterima ulang oleh administrator" in each for each in answer["notices"])
    assert any("Jejak audit mulai 16/10/2026" in each for each in answer["notices"])


def test_an_installation_from_before_there_were_heads_gets_its_first_without_alarm(
    sealed: Path, clock: time_machine.Traveller
) -> None:
    (sealed / HEAD_FILE).unlink()
    _force(FORGET)
    clock.shift(timedelta(days=90))
    assert _verify()[0] == 0
    assert _seal(7) == "1 catatan disegel"
    code, answer = _verify()
    assert (code, answer["problems"]) == (0, [])
    assert answer["notices"] == [
        "Jejak audit mulai 13/10/2026 10.00 WITA; kepalanya dicatat sejak 14/01/2027 10.00 WITA."
    ]


@pytest.mark.parametrize("what", ["gone", "broken", "forged", "another's"])
def test_a_head_that_was_meddled_with_is_noticed(
    sealed: Path, what: str, clock: time_machine.Traveller
) -> None:
    head = read_head(sealed)
    assert head is not None
    path = sealed / HEAD_FILE
    said = {
        "gone": "tidak ada di DATA_DIR ini, padahal sudah dicatat sejak",
        "broken": "rusak: tidak terbaca",
        "forged": "tidak ditandatangani dengan kunci instalasi ini",
        "another's": "milik instalasi lain",
    }[what]
    key = flask.current_app.config["SECRET_KEY"]
    if what == "gone":
        path.unlink()
    elif what == "broken":
        path.write_text(path.read_text()[:-20])
    elif what == "forged":
        write_head(path, head.signed("another key"))
    else:
        write_head(path, replace(head, installation="another").signed(key))
    for _again in range(2):
        code, answer = _verify()
        assert code == 1
        assert any(said in each for each in answer["problems"]), answer
        assert "kepala tidak cocok" in _seal(7), "the job repairs nothing by itself"


def test_a_forged_old_entry_is_noticed(sealed: Path, engine_name: str) -> None:
    """Waiting for its seal, and after the job has sealed it in good faith."""
    _insert(7, NOW - timedelta(days=90))
    for _before_and_after in range(2):
        code, answer = _verify()
        assert code == 1
        assert answer["problems"] == [
            "Catatan 7, bertanggal 15/07/2026 10.00 WITA, disisipkan kemudian."
        ]
        assert _seal()


def test_what_is_late_or_new_accuses_nobody(sealed: Path, clock: time_machine.Traveller) -> None:
    """A server off for a week, a commit that came late, a clock that is set back by two days."""
    clock.shift(timedelta(days=7))
    _note(7)
    code, answer = _verify()
    assert (code, answer["problems"]) == (0, [])
    assert "1 catatan terbaru belum disegel; penjadwal menyegelnya." in answer["notices"]
    _seal()
    clock.shift(-timedelta(days=2))
    _seal(8)
    code, answer = _verify()
    assert (code, answer["problems"]) == (0, [])


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_an_entry_deleted_before_its_seal_leaves_a_gap(sealed: Path) -> None:
    for number in (7, 8, 9, 10):
        _note(number)
    _force("DELETE FROM audit_entry WHERE id IN (8, 9)")
    code, answer = _verify()
    assert (code, answer["problems"]) == (1, ["Catatan 8 sampai 9 tidak ada lagi."])


def test_a_head_from_a_mail_is_found_in_the_chain_or_not(sealed: Path) -> None:
    head = read_head(sealed)
    assert head is not None
    digits = head.mark.hash[:16]
    _seal(7, 8)
    for typed in (digits, f"{digits[:4]}-{digits[4:8]} {digits[8:]}".upper(), head.mark.hash):
        code, answer = _verify("--head", typed)
        assert code == 0
        assert any("memuat kepala itu: 6 catatan, segel 3" in each for each in answer["notices"])
    code, answer = _verify("--head", "0" * 16)
    assert (code, answer["problems"]) == (1, ["Rantai tidak memuat kepala dengan sidik itu."])
    for wrong in ("abc", "kepala", "g" * 16, ""):
        runner = flask.current_app.test_cli_runner()
        assert runner.invoke(args=["audit", "verify", "--head", wrong]).exit_code == 2


def test_a_person_may_take_the_chain_as_it_is_and_the_trail_says_so(sealed: Path) -> None:
    _force(*CUT)
    runner = flask.current_app.test_cli_runner()
    dry = runner.invoke(args=["audit", "adopt-head", "--dry-run"])
    assert (dry.exit_code, _verify()[0]) == (0, 1)
    assert runner.invoke(args=["audit", "adopt-head"]).exit_code == 0
    code, answer = _verify()
    assert code == 0
    assert any("diterima ulang oleh administrator" in each for each in answer["notices"])
    assert any("1 catatan sesudahnya" in each for each in answer["notices"])
    assert _seal(7) == "2 catatan disegel"
    assert db.session.scalar(
        sa.select(sa.exists().where(AuditEntry.action == "audit.head_adopted"))
    )


# --- backups -------------------------------------------------------------------------------------


@pytest.fixture
def archive(sealed: Path, tmp_path: Path) -> Path:
    """A backup of the three seals; two entries came after it."""
    path = tmp_path / "cadangan.tar"
    create_backup(path, place=place_of_app())
    assert _seal(7, 8) == "2 catatan disegel"
    return path


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_restored_backup_says_so_and_is_watched_again(sealed: Path, archive: Path) -> None:
    restore_backup(archive, place=place_of_app(), replace=True)
    code, answer = _verify()
    assert (code, answer["problems"]) == (0, [])
    [_since, notice] = answer["notices"]
    assert notice.startswith("Dipulihkan pada 16/10/2026")
    assert "dari cadangan 16/10/2026 10.00 WITA; 2 catatan sesudahnya" in notice
    _seal(9)
    assert _verify()[0] == 0
    _force(*CUT)
    code, answer = _verify()
    assert code == 1
    assert any("dipotong" in each for each in answer["problems"])


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_backup_holds_the_head_and_tells_of_a_trail_that_was_cut_before_it(
    sealed: Path, archive: Path, tmp_path: Path
) -> None:
    report = verify_backup(archive)
    assert report.is_ok
    assert report.manifest is not None
    assert report.manifest.audit_head is not None
    assert report.manifest.audit_head.mark.entries == 6
    _force(*CUT)
    report = create_backup(tmp_path / "kedua.tar", place=place_of_app())
    assert report.damage == ()
    assert report.source_faults == ("jejak audit tidak memuat segel 4 yang dicatat kepalanya",)
