"""The stylesheet is what its head says: numbered parts in order, one rule a selector, one print."""

import re
from collections import Counter
from collections.abc import Iterator

from tests.engines import ROOT

STATIC = ROOT / "coordinator" / "static"
SHEET = (STATIC / "koordinator.css").read_text(encoding="utf-8")
VENDORED = (STATIC / "vendor" / "bootstrap.min.css").read_text(encoding="utf-8")
LONGEST_LINE = 160
# Composed of a stem and a number, and as the plain ones.
WITHOUT_RULE = {"options-2"}


def contents_of(sheet: str) -> list[tuple[str, str]]:
    """Return number and title of each part that the head announces."""
    head = sheet[: sheet.index("*/")]
    return re.findall(r"\b(\d+) (\w[\w ,]*?)(?=\s{2,}|\s*$)", head, re.MULTILINE)


def parts_of(sheet: str) -> list[tuple[str, str]]:
    """Return number and title of each part, without the remark after its colon."""
    return re.findall(r"^/\* ---- (\d+) ([^:\n]*?)(?:: [^\n]*)? ---- \*/$", sheet, re.MULTILINE)


def rules_of(sheet: str) -> Iterator[tuple[str, str]]:
    """Yield each rule: the at-rules around it, and its selectors."""
    plain = re.sub(r"/\*.*?\*/|\"[^\"]*\"", "", sheet, flags=re.DOTALL)
    around: list[str] = []
    for before, brace in re.findall(r"([^{}]*)([{}])", plain):
        if brace == "}":
            around.pop()
            continue
        name = " ".join(before.rsplit(";", 1)[-1].split())
        if not name.startswith("@"):
            yield " ".join(around), name
        around.append(name)


def test_the_contents_are_true() -> None:
    assert len(contents_of(SHEET)) > 10
    assert parts_of(SHEET) == contents_of(SHEET)


def test_a_selector_has_one_rule() -> None:
    counts = Counter(rules_of(SHEET))
    assert len(counts) > 500
    assert [rule for rule, count in counts.items() if count > 1] == []


def test_paper_has_one_part() -> None:
    assert SHEET.count("@media print") == 1
    assert SHEET.index("@media print") > SHEET.index("/* ---- 14 Print")
    assert SHEET.count("prefers-color-scheme: dark") == 1


def test_its_lines_can_be_reviewed() -> None:
    assert [line for line in SHEET.splitlines() if len(line) > LONGEST_LINE] == []


def _classes_of_templates() -> Iterator[str]:
    """Yield what is in `class="..."`; a stem that a value completes ends with a hyphen."""
    for path in (ROOT / "templates").rglob("*.html"):
        source = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for given in re.findall(r'\bclass="([^"]*)"', source):
            spoken = re.sub(r"\{\{.*?'\s*([\w -]*)'\s+if .*?\}\}", r" \1 ", given)
            yield from re.sub(r"\{[{%].*?[%}]\}", "\0", spoken).replace("\0", " \0").split()


def test_every_class_of_the_templates_has_a_rule() -> None:
    known = set(re.findall(r"\.(-?[a-zA-Z][\w-]*)", SHEET + VENDORED)) | WITHOUT_RULE
    used = {name for name in _classes_of_templates() if re.fullmatch(r"[a-zA-Z][\w-]*", name)}
    assert len(used) > 200
    stems = {name for name in used if name.endswith("-")}
    assert {stem for stem in stems if not any(name.startswith(stem) for name in known)} == set()
    assert used - stems - known == set()


BROKEN = """/* Head.

   1 One   2 Two */
/* ---- 2 Two: with a remark ---- */
a, b { color: red; }
@media print { a, b { color: black; } }
/* ---- 1 One ---- */
a,
b { width: 1px; }
"""


def test_the_readers_see_what_is_there() -> None:
    assert contents_of(BROKEN) == [("1", "One"), ("2", "Two")]
    assert parts_of(BROKEN) == [("2", "Two"), ("1", "One")]
    assert list(rules_of(BROKEN)) == [("", "a, b"), ("@media print", "a, b"), ("", "a, b")]
