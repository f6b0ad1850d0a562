"""Reading YAML: what stays text, where things stand, and what is refused."""

from datetime import date
from pathlib import Path

import pytest

from coordinator.platform.yaml_files import (
    BadFile,
    Day,
    SeedPart,
    Source,
    parse,
    read,
    shown,
    validate,
)
from coordinator.platform.yaml_files.reader import DEEPEST, LARGEST, MOST_FINDINGS, MOST_PARTS


class Sheet(SeedPart):
    """A small shape."""

    title: str | None = None
    on: Day | None = None


def refused(raw: bytes) -> list[str]:
    """The sentences of a file that cannot be read."""
    with pytest.raises(BadFile) as caught:
        parse(raw, "uji.yaml")
    return [str(finding) for finding in caught.value.findings]


@pytest.mark.parametrize(
    "word", ["no", "yes", "on", "12:30", "007", "1e3", "0x1F", "64.10", "2026-02-30", "!!str null"]
)
def test_words_that_yaml_takes_for_something_else_stay_words(word: str) -> None:
    assert parse(f"title: {word}".encode(), "a").data == {"title": word.removeprefix("!!str ")}


@pytest.mark.parametrize("word", ["", "null", "~", "Null", "!!null x"])
def test_nothing_is_nothing(word: str) -> None:
    assert parse(f"title: {word}\n".encode(), "a").data == {"title": None}


def test_quoted_nothing_is_a_word() -> None:
    assert parse(b"title: 'null'\non: \"\"", "a").data == {"title": "null", "on": ""}


def test_a_byte_order_mark_and_line_ends_of_windows_are_fine() -> None:
    source = parse(b"\xef\xbb\xbftitle: a\r\non: 2026-01-02\r\n", "a")
    assert validate(source, Sheet) == Sheet(title="a", on=date(2026, 1, 2))
    assert source.place(("on",)) == (2, 5)


def test_where_things_stand() -> None:
    source = parse("a:\n  - b: x\n    c:\n  - [é, z]\n".encode(), "a")
    assert source.place(("a", 0, "b")) == (2, 8)
    assert source.place(("a", 0, "b"), of_key=True) == (2, 5)
    assert source.place(("a", 0, "c")) == (3, 5)  # an empty value: where its key is
    assert source.place(("a", 0, "d")) == (2, 5)  # what is not there: where it should be
    assert source.place(("a", 1, 1)) == (4, 9)  # columns count characters, not bytes
    assert source.place(("z",)) == (1, 1)


@pytest.mark.parametrize("word", ["“Dinas Sosial”", "“Dinas Sosial", "‘Ja’", "„A“", "“Ja’far”"])
def test_quotes_of_word_around_a_text_are_listed_with_their_line(word: str) -> None:
    assert [
        "2:7" in line and "Word" in line for line in refused(f"a: b\nname: {word}".encode())
    ] == [True]


@pytest.mark.parametrize(
    "written",
    ["“Sahabat” dan “Pelindung”", "“Siaga” adalah nama", "'“Siaga”'", "Ja’far", "aksi “a”"],
)
def test_quotes_of_word_inside_a_text_are_text(written: str) -> None:
    assert parse(f"name: {written}".encode(), "a").data == {"name": written.strip("'")}


def test_what_nobody_sees_is_not_read() -> None:
    raw = 'na\u00adme: "Dinas\\u200b\\u00a0Sosial"\nof: Dinas\u00a0Sosial\u200b'.encode()
    assert parse(raw, "a").data == {"name": "Dinas Sosial", "of": "Dinas Sosial"}


def test_every_fault_is_listed_at_once() -> None:
    told = refused(b"a: !!python/name:os.system\nb: *x\nc: 1\nc: 2\n")
    assert [line.split(":")[1] for line in told] == ["1", "2", "4"]


@pytest.mark.parametrize(
    ("raw", "line", "says"),
    [
        (b"a: b: c", 1, "Titik dua"),
        (b"a: 1\nb\n", 3, "tidak ditemukan"),
        (b"a: @x", 1, "diawali"),
        (b"a:\n\tb: c", 2, "tab"),
        (b"- a: 1\n  b: 2\n \tc: 3", 3, "tab"),
        (b'a: 1\nb: "x\nc: 2\n', 2, "Tanda kutip"),
        (b"a: 1\nb: [1, 2\nc: d", 2, "Kurung siku"),
        (b"a: 1\nb: {c: 2\nd: e", 2, "kurawal"),
        (b"- a\nb: c\n", 2, "Tanda hubung"),
        (b"a:\n  - b\n c: d\n", 3, "rata"),
        (b'a: "\\q"', 1, "garis miring"),
        (b"a: 1\n...\nb: 2\n", 3, "lebih dari satu dokumen"),
        (b"%YAML 9.9\n---\na: 1", 1, "Bukan YAML"),
        (b"a: 1\nb: \x01", 2, "U+0001"),
        (b"a: 1\n\xff", 2, "UTF-8"),
    ],
)
def test_what_is_no_yaml_is_said_in_indonesian_on_its_line(
    raw: bytes, line: int, says: str
) -> None:
    [told] = refused(raw)
    assert told.startswith(f"uji.yaml:{line}:")
    assert says in told
    assert " galat: " in told
    assert not {"found", "expected", "while"} & set(told.split())  # the library's English


def test_the_limits_are_where_they_are_said_to_be() -> None:
    deepest = b"[" * DEEPEST
    assert parse(deepest + b"]" * DEEPEST, "a").data
    assert "terlalu dalam" in refused(deepest + b"[[" + b"]" * (DEEPEST + 2))[0]
    assert "100.000 bagian" in refused(b"- a\n" * MOST_PARTS)[0]
    assert "5 MB" in refused(b" " * (LARGEST + 1))[0]
    told = refused(b"a: 1\n" * (MOST_FINDINGS * 2))
    assert len(told) == MOST_FINDINGS + 1
    assert "Terlalu banyak kesalahan" in told[-1]


@pytest.mark.parametrize(
    "day", ["1767225600", "20260102", "2026-02-30", "2026-1-2", "2026-01-02T10:00:00", "besok"]
)
def test_only_a_day_of_the_calendar_is_a_day(day: str) -> None:
    with pytest.raises(BadFile, match="2026-11-21"):
        validate(Source("a", {"on": day}, {}, {}), Sheet)


def test_a_file_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "tidak-ada.yaml"):
        with pytest.raises(BadFile, match="tidak dapat dibaca"):
            read(path)


def test_what_is_shown_of_a_file_is_short_printable_and_nobodys_number() -> None:
    assert shown("dinsos") == "dinsos"
    assert shown("a" * 100) == "a" * 59 + "…"
    assert shown("\x1b[31m\u202e") == "�[31m�"
    assert "6472" not in shown("NIK 6472014508900001")
