"""Decision records have one form and an unbroken row of numbers."""

import re
from datetime import date
from pathlib import Path

import pytest

from tests.engines import ROOT

FOLDER = ROOT / "docs" / "decisions"
HEADINGS = ["Status", "Date", "Context", "Decision", "Consequences"]
TITLE = re.compile(r"# (\d{4}) \S")
STATUS = re.compile(r"(Accepted|Replaced by \[\d{4}\]\(\S+\))\.( .*)?")


def _faults(name: str, text: str) -> list[str]:
    """Return what is wrong with the form of the record in the file `name`."""
    title = TITLE.match(text)
    if title is None or title[1] != name[:4]:
        return ["title: # NNNN Title, with the number of the file"]
    pieces = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)
    sections = dict(zip(pieces[1::2], (piece.strip() for piece in pieces[2::2]), strict=True))
    if sections.get("Status", "").startswith("Not used."):
        return [] if list(sections) == ["Status"] else ["headings: only the status"]
    if pieces[1::2] != HEADINGS:
        return [f"headings: {', '.join(HEADINGS)}"]
    faults = [f"{heading}: empty" for heading, body in sections.items() if not body]
    if not STATUS.fullmatch(sections["Status"].replace("\n", " ")):
        faults.append("Status: Accepted, Replaced by a record, or Not used")
    try:
        date.fromisoformat(sections["Date"])
    except ValueError:
        faults.append("Date: YYYY-MM-DD")
    return faults


def _records() -> list[Path]:
    return sorted(FOLDER.glob("*.md"))


def test_records_have_one_form() -> None:
    faults = {one.name: _faults(one.name, one.read_text("utf-8")) for one in _records()}
    assert {name: found for name, found in faults.items() if found} == {}


def test_no_number_is_missing_or_given_twice() -> None:
    numbers = [int(one.name[:4]) for one in _records()]
    assert len(numbers) > 40
    assert numbers == list(range(1, len(numbers) + 1))


GOOD = """# 0002 A title

## Status

Replaced by [0003](0003-next.md).

## Date

2026-11-22

## Context

One.

## Decision

Two.

## Consequences

Three.
"""


@pytest.mark.parametrize(
    ("text", "is_right"),
    [
        (GOOD, True),
        ("# 0002 Not used\n\n## Status\n\nNot used. Never given.\n", True),
        (GOOD.replace("# 0002 ", "# 2. "), False),
        (GOOD.replace("# 0002 ", "# 0003 "), False),
        (GOOD.replace("2026-11-22", "22 November 2026"), False),
        (GOOD.replace("Replaced by [0003](0003-next.md).", "Proposed."), False),
        (GOOD.replace("## Consequences\n\nThree.\n", ""), False),
        (GOOD.replace("Two.", ""), False),
        (GOOD.replace("## Context", "**Context.**"), False),
    ],
)
def test_the_form_is_checked(text: str, is_right: bool) -> None:
    assert (_faults("0002-a-title.md", text) == []) is is_right
