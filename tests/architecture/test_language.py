"""Comments and docstrings use the words of a pull request; CONTRIBUTING.md says why."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines import ROOT

FOLDERS = ("coordinator", "bench", "migrations")
FILES = ("config.py", "wsgi.py")
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
QUOTED = re.compile(r"`+[^`]*`+")  # a name of the code


def _prose(text: str) -> Iterator[tuple[int, str]]:
    """Give the comments and docstrings of a file, with their lines."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = ast.get_docstring(node, clean=False)
            if docstring:
                yield node.body[0].lineno, docstring


def _found(text: str) -> list[str]:
    return [
        f"{line}: {match[0]}"
        for line, prose in _prose(text)
        for match in BANNED.finditer(QUOTED.sub("", prose))
    ]


def _files() -> Iterator[Path]:
    for folder in FOLDERS:
        yield from sorted((ROOT / folder).rglob("*.py"))
    yield from (ROOT / name for name in FILES)


def test_comments_and_docstrings_use_plain_words() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{one}"
        for file in _files()
        for one in _found(file.read_text(encoding="utf-8"))
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
    ],
)
def test_the_check_reads_comments_and_docstrings_alone(text: str, words: list[str]) -> None:
    assert _found(text) == words
