"""The words that no screen, mail or guide uses any more, and what is said instead."""

import ast
import re
from collections.abc import Iterator

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg

from tests.engines import ROOT

INSTEAD = {
    r"surel(?:nya)?": "email",
    r"diam": "lewat batas, belum lapor",
    r"belum waktu\w*": "belum jatuh tempo",
    r"dipegang(?:nya)?": "ditugaskan",
    r"kewajiban lapor": "laporan",
    r"mesin pengingat": "pengingat otomatis",
    r"tangga pengingat": "jadwal pengingat",
    r"jendela(?:nya)? (?:lapor|periode|ditutup|terbuka|masih)": "masa pelaporan",
    r"menagih|ditagih": "diminta melapor",
    r"tanpa bekas": "dibatalkan, tanpa email terkirim",
    r"tersentuh": "terkena perubahan, berubah",
    r"(?:keterangan) tersembunyi": "data lokasi dan pembuat",
    r"(?:kaitan|sandaran) umum": "dasar umum",
    r"benih": "angka acak awal (seed)",
    r"(?:tarik|menarik) sampel": "ambil sampel",
    r"lewat lembar": "dengan Excel",
    r"celah\w*": "yang kurang",
    r"pengajuan": "kiriman (laporan), usulan (tugas)",
    r"keputusan pihak lain\?": "keputusan pimpinan?",
    r"terjangkau": "dapat dihubungi",
    r"kampanye jawaban|(?:mulai|akhiri|satu) kampanye": "permintaan jawaban",
    r"preseden": "ketetapan yang dibagikan",
    r"(?:hari terakhir|paling lambat) lapor|lapor paling lambat": "jatuh tempo",
}
PATTERN = re.compile("|".join(rf"\b(?:{word})\b" for word in INSTEAD), re.IGNORECASE)
# What people's own files and other mail servers say is read there.
READ_FROM_OUTSIDE = {
    "people/importing/headers.py",
    "people/importing/layout.py",
    "platform/mail/verdicts.py",
}
# A path, a name of a parameter, a command.
CODE = re.compile(r"`[^`]*`|\]\([^)]*\)|/[\w-]+")


def _marked() -> Iterator[tuple[str, str]]:
    methods, options = parse_mapping_cfg((ROOT / "babel.cfg").open(encoding="utf-8"))
    keywords = {**DEFAULT_KEYWORDS, "_l": None, "marked": None}
    for file, _line, text, _comments, _context in extract_from_dir(
        str(ROOT), methods, options, keywords
    ):
        for one in text if isinstance(text, tuple) else (text,):
            yield file, one


def _said_by_python() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "coordinator").rglob("*.py")):
        name = path.relative_to(ROOT / "coordinator").as_posix()
        if name in READ_FROM_OUTSIDE:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if id(node) in docstrings:
                    continue
                yield name, node.value


def _guides() -> Iterator[tuple[str, str]]:
    for path in (*sorted((ROOT / "docs" / "id").glob("*.md")), ROOT / "README.md"):
        yield path.name, path.read_text(encoding="utf-8")


def _found(texts: Iterator[tuple[str, str]], *, sentences: bool) -> set[str]:
    return {
        f"{where}: {hit[0]}"
        for where, text in texts
        if not sentences or " " in text or text[:1].isupper()
        for hit in PATTERN.finditer(CODE.sub(" ", text))
    }


def test_the_screens_use_the_decided_words() -> None:
    assert _found(_marked(), sentences=False) == set()


def test_so_do_the_shell_and_the_messages_of_readers() -> None:
    assert _found(_said_by_python(), sentences=True) == set()


def test_so_do_the_guides() -> None:
    assert _found(_guides(), sentences=False) == set()


@pytest.mark.parametrize("text", ["Kirim surelnya", "3 laporan diam", "Belum ada Preseden"])
def test_an_old_word_is_noticed(text: str) -> None:
    assert _found(iter([("x", text)]), sentences=False)


@pytest.mark.parametrize("text", ["Buka `/surel`", "terjangkit", "Email dikirim"])
def test_what_is_no_old_word_is_not(text: str) -> None:
    assert not _found(iter([("x", text)]), sentences=False)
