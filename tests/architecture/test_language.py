"""Everything a reader of the code reads uses the words of a pull request; CONTRIBUTING.md says why.

That is comments and docstrings, names of tests, the documents in English, and the comments of
templates, scripts and style sheets. Text on screens is Indonesian and not looked at.
"""

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.engines import ROOT

# The word, and what a reviewer would write.
PLAIN = {
    r"anew": "again",
    r"mend(s|ed|ing)?": "fix, correct",
    r"laid|lays|laid (before|beside)": "attached, shown, put",
    r"beside": "next to, with, in addition to",
    r"foretold": "announced",
    r"h(a|u)ngs? on": "refers to, depends on",
    r"stands": "is, applies, remains",
    r"(is|are|was|were) told": "is notified, gets a mail",
    r"entombs?": "marks as deleted",
    r"whoever|whomever": "anyone who",
    r"whatever": "any, regardless of",
}
BANNED = re.compile(rf"\b({'|'.join(PLAIN)})\b", re.IGNORECASE)
QUOTED = re.compile(r"```.*?```|`+[^`]*`+", re.DOTALL)  # a name of the code, or a piece of it
PYTHON = ("coordinator", "bench", "migrations", "tests")
SCRIPT_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.DOTALL)
TEMPLATE_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
Prose = Iterator[tuple[int, str]]


def _of_python(text: str) -> Prose:
    """Give the comments, the docstrings and the names of tests, with their lines."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = ast.get_docstring(node, clean=False)
            if docstring:
                yield node.body[0].lineno, docstring
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.lineno, node.name.replace("_", " ")


def _of_all(text: str) -> Prose:
    """Give the whole text but for what is quoted, line by line."""
    plain = QUOTED.sub(lambda quoted: "\n" * quoted[0].count("\n"), text)
    yield from enumerate(plain.splitlines(), 1)


def _of_comments(comment: re.Pattern[str]) -> Callable[[str], Prose]:
    def prose(text: str) -> Prose:
        for found in comment.finditer(text):
            yield text.count("\n", 0, found.start()) + 1, found[0]

    return prose


def _found(text: str, prose: Callable[[str], Prose] = _of_python) -> list[str]:
    return [
        f"{line}: {match[0]}"
        for line, piece in prose(text)
        for match in BANNED.finditer(QUOTED.sub("", piece))
    ]


def _files() -> Iterator[tuple[Path, Callable[[str], Prose]]]:
    for folder in PYTHON:
        for path in (ROOT / folder).rglob("*.py"):
            yield path, _of_python
    for name in ("config.py", "wsgi.py"):
        yield ROOT / name, _of_python
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "bin").iterdir()):
        if "id" not in path.relative_to(ROOT).parts:  # docs/id is Indonesian
            yield path, _of_all
    for name in ("Makefile", "pyproject.toml"):
        yield ROOT / name, _of_all
    for path in (ROOT / "templates").rglob("*.*"):
        yield path, _of_comments(TEMPLATE_COMMENT)
    for path in (ROOT / "coordinator" / "static").glob("*.*"):
        if path.suffix in (".js", ".css"):
            yield path, _of_comments(SCRIPT_COMMENT)


def test_what_readers_of_the_code_read_uses_plain_words() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{one}"
        for file, prose in sorted(_files(), key=lambda pair: pair[0])
        for one in _found(file.read_text(encoding="utf-8"), prose)
    ]
    assert found == [], f"write instead: {PLAIN}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# It stands here.\n", ["1: stands"]),
        ('"""Whoever is told of it."""\n', ["1: Whoever", "1: is told"]),
        ("x = 'It stands here.'\n", []),
        ("# `stands_newest` is a name.\n", []),
        ("def f():\n    '''Mended.'''\n", ["2: Mended"]),
        ("def test_a_row_stands_alone():\n    pass\n", ["1: stands"]),
    ],
)
def test_of_python_comments_docstrings_and_names_of_tests_are_read(
    text: str, words: list[str]
) -> None:
    assert _found(text) == words


@pytest.mark.parametrize(
    ("text", "prose", "words"),
    [
        ("One.\n\nIt stands.\n```\nwhatever\n```\n", _of_all, ["3: stands"]),
        ("{#- It\n stands -#}<p>whatever</p>", _of_comments(TEMPLATE_COMMENT), ["1: stands"]),
        (
            "/* It stands. */\n.stands {}\n// anew",
            _of_comments(SCRIPT_COMMENT),
            ["1: stands", "3: anew"],
        ),
    ],
)
def test_of_other_files_comments_or_all_is_read(
    text: str, prose: Callable[[str], Prose], words: list[str]
) -> None:
    assert _found(text, prose) == words
