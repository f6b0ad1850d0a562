"""Files as people hand them in: the words of each refusal, names, and the store."""

import hashlib
import io
import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.datastructures import FileStorage

from coordinator import child
from coordinator.clock import real_now
from coordinator.errors import InvalidInput, Unavailable
from coordinator.platform.files import receiving, storage
from coordinator.platform.files.receiving import Received, receive
from coordinator.platform.files.rules import PDF, FileKind, Reading, Refusal, clean_name, kind_of
from tests.platform.files.builders import NIK, encrypted_zip, jpeg, pdf, repacked, word

pytestmark = [
    pytest.mark.usefixtures("in_app"),
    pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True),  # no database here
]


def hand_in(data: bytes, name: str = "bukti.pdf") -> Received:
    """Upload bytes under a name."""
    return receive(FileStorage(io.BytesIO(data), filename=name), field="files")


def kept(data_dir: Path) -> list[Path]:
    """Every file in the store."""
    return [path for path in (data_dir / "evidence").rglob("*") if path.is_file()]


def refusal(data: bytes, name: str = "bukti.pdf") -> str:
    """The words of a refusal."""
    with pytest.raises(InvalidInput) as refused:
        hand_in(data, name)
    assert set(refused.value.fields) == {"files"}
    return refused.value.fields["files"]


# --- words ---------------------------------------------------------------------------------------


def test_each_fault_has_its_own_words(data_dir: Path) -> None:
    told = {
        "kosong": refusal(b""),
        "paling besar 10 MB": refusal(b"%PDF-" + b"0" * 10_000_001),
        "Jenis berkas": refusal(b"halo, ini teks", "catatan.txt"),
        "rusak": refusal(pdf("Rapat.")[:-30]),
        "bersandi": refusal(encrypted_zip(word())),
        "makro": refusal(repacked(word(), {"word/vbaProject.bin": b"x"})),
        "NIK atau nomor KK (halaman 1)": refusal(pdf(f"NIK {NIK}")),
        "Nama berkas": refusal(pdf("Rapat."), "KK 6472 0110 5508 0001.pdf"),
    }
    assert [word for word, message in told.items() if word not in message] == []
    assert len(set(told.values())) == len(told)
    assert NIK not in "".join(told.values())
    assert told["paling besar 10 MB"].startswith("Berkas 11 MB")
    assert kept(data_dir) == []


@pytest.mark.parametrize("why", list(child.Failure))
def test_what_the_child_does_not_answer_for_is_refused(
    why: child.Failure, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> bytes:
        raise child.ChildFailed(why, "isi berkas")

    monkeypatch.setattr(receiving.child, "run", fail)
    assert "isi berkas" not in refusal(jpeg())
    monkeypatch.setattr(receiving.child, "run", lambda *_args: b"bukan jawaban")
    assert "rusak" in refusal(jpeg())
    assert kept(data_dir) == []


def test_a_disk_that_is_nearly_full_takes_no_file(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(data_dir)
    monkeypatch.setattr(
        receiving.shutil, "disk_usage", lambda _path: usage._replace(total=100, free=9)
    )
    with pytest.raises(Unavailable, match="hampir penuh"):
        hand_in(jpeg())
    assert kept(data_dir) == []


def test_the_content_decides_not_the_name() -> None:
    assert kind_of(jpeg()) is FileKind.PICTURE
    assert kind_of(word()) is FileKind.OFFICE
    assert kind_of(b"<svg/>") is Refusal.TYPE


# --- what is kept --------------------------------------------------------------------------------


def test_a_file_is_kept_under_the_hash_of_what_is_kept(data_dir: Path) -> None:
    given = pdf("Rapat.", info={"Author": "PembuatUji"})
    received = hand_in(given, "Daftar hadir.exe")
    assert (received.media_type, received.name) == (PDF, "Daftar hadir.pdf")
    assert (received.reading, received.metadata_removed) == (Reading.FULL, True)
    [path] = kept(data_dir)
    stored = path.read_bytes()
    assert hashlib.sha256(stored).hexdigest() == path.name == received.sha256
    assert len(stored) == received.size
    assert received.received_sha256 == hashlib.sha256(given).hexdigest() != received.sha256
    assert hand_in(given).sha256 == received.sha256
    assert len(kept(data_dir)) == 1


def test_what_a_name_tells_is_asked_about() -> None:
    received = hand_in(pdf("Hubungi 0812-3456-7890."), "korban berinisial AB 081234567891.pdf")
    assert received.reading is Reading.FULL
    assert received.warnings == (("initials", 1), ("phone", 2))


NAMES = [
    ("../../etc/passwd", "passwd.pdf"),
    ("..\\..\\windows\\system.ini", "system.pdf"),
    ("C:\\Users\\x\\laporan.pdf", "laporan.pdf"),
    ("/", "berkas.pdf"),
    ("...", "berkas.pdf"),
    ("", "berkas.pdf"),
    (" .pdf", "berkas.pdf"),
    ("laporan\u202egpj.exe", "laporangpj.pdf"),
    ("a\x00b\r\nc\u200b.pdf", "abc.pdf"),
    ("nama\r\nSet-Cookie: x=1.pdf", "namaSet-Cookie x=1.pdf"),
    ('<img src="x">:|?*.pdf', "img src=x.pdf"),
    ("Rapat 16 Oktober (final).PDF", "Rapat 16 Oktober (final).pdf"),
    ("é" * 300 + ".pdf", "é" * 120 + ".pdf"),
    ("rapat 😀.jpeg", "rapat 😀.pdf"),
    ("laporan.pdf.exe", "laporan.pdf.pdf"),
    ("con.pdf", "con.pdf"),
    ("{{7*7}}.pdf", "{{77}}.pdf"),
    ("%00.pdf", "%00.pdf"),
    ("'; DROP TABLE evidence;--.pdf", "'; DROP TABLE evidence;--.pdf"),
]
HOSTILE_NAMES = [
    f"{before}{middle}{after}"
    for before in ("", "../", "..\\", "/", "\\\\server\\", "%2e%2e/", "\u202e")
    for middle in ("a", "a\x00b", "a\nb", '"a"', "a;b", "x" * 300)
    for after in ("", ".pdf")
][:60]


@pytest.mark.parametrize(("given", "clean"), NAMES)
def test_names_become_safe(given: str, clean: str) -> None:
    assert clean_name(given, PDF) == clean


def test_rejects_sixty_malicious_filenames() -> None:
    assert len(HOSTILE_NAMES) == 60
    for given in HOSTILE_NAMES:
        name = clean_name(given, PDF)
        assert name.endswith(".pdf")
        assert len(name) <= 124
        assert not set(name) & set('/\\<>:"|?*\x00\r\n\u202e')


# --- the store -----------------------------------------------------------------------------------


@pytest.mark.parametrize("point", ["fsync", "replace"])
def test_a_failure_before_the_rename_leaves_no_file(
    point: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(*((os, "fsync") if point == "fsync" else (Path, "replace")), fail)
        with pytest.raises(OSError, match="No space"):
            storage.store(b"bukti")
    assert kept(data_dir) == []
    sha256 = storage.store(b"bukti")
    assert storage.path_of(sha256).read_bytes() == b"bukti"


def test_the_store_tells_what_is_old_and_clears_what_was_never_finished(data_dir: Path) -> None:
    store = storage.current()
    old, young = store.store(b"lama"), store.store(b"baru")
    half = store.path_of(old).with_name(f".{old}.abcd.tmp")
    foreign = store.path_of(old).with_name("catatan.txt")
    half.write_bytes(b"la")
    foreign.write_bytes(b"x")
    long_ago = (real_now() - timedelta(hours=25)).timestamp()
    for path in (store.path_of(old), half, foreign):
        os.utime(path, (long_ago, long_ago))
    assert list(store.older_than(real_now() - timedelta(hours=24))) == [old]
    assert not half.exists()
    assert foreign.exists()
    store.store(b"lama")  # handed in again: it is young
    assert list(store.older_than(real_now() - timedelta(hours=24))) == []
    assert store.open(young).read() == b"baru"
    store.remove(young)
    store.remove(young)
    assert not store.has(young)
