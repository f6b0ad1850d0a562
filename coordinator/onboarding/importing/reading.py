"""Reads a list of people. Runs in a child process alone (`coordinator.child`): it parses what
others made, and its libraries cost the web process nothing.

In: a line of JSON ({"agencies": [{"slug", "names"}]}), then the file. Out: JSON, {"problem"} or
{"rows": [...]}. A NIK leaves this process in no form: such a cell is emptied here.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from email_validator import EmailNotValidError, validate_email
from rapidfuzz import fuzz, process

from coordinator import numbers, screening, telephones
from coordinator.onboarding.importing.rules import (
    HEADER_WITHIN,
    LONGEST_CELL,
    MOST_ROWS,
    CellProblem,
    Column,
    FileProblem,
    Role,
    address_in,
    column_of,
    date_of,
    fold,
    role_of,
    split_position,
    standing_of,
)
from coordinator.spreadsheets import kinds
from coordinator.spreadsheets.cells import Book, Cell, Grid
from coordinator.spreadsheets.kinds import Kind
from coordinator.spreadsheets.kinds import Refused as Unreadable
from coordinator.typed import plain_name

NEAR = 60  # of 100: below, a suggestion would only mislead
SUGGESTIONS = 3
MERGED = (Column.AGENCY,)  # what one merged cell says for every person beside it


class Refused(Exception):
    """The file has no list of people in it."""

    def __init__(self, problem: FileProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


def main(payload: bytes) -> bytes:
    """Return the rows of the file in `payload`, or why there are none.

    {"rows", "said"}: `said` are sentences about what was left out. {"problem"} is a FileProblem,
    {"refused"} the reader's own sentence.
    """
    head, _, data = payload.partition(b"\n")
    answer: dict[str, Any]
    try:
        tables, said = _tables(data)
        rows = list(_rows(tables, json.loads(head)["agencies"]))
        if not rows:
            raise Refused(FileProblem.NO_ROWS)
        answer = {"rows": rows, "said": said}
    except Refused as refused:
        answer = {"problem": refused.problem.value}
    except Unreadable as unreadable:
        answer = {"refused": str(unreadable)}
    return json.dumps(answer, ensure_ascii=False).encode()


# --- from bytes to tables of text ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Table:
    """A sheet with a header of people."""

    grid: Grid
    top: int
    columns: dict[Column, int]


def _tables(data: bytes) -> tuple[list[_Table], list[str]]:
    """Return the visible sheets that list people, and what was left out of them in sentences."""
    kind = kinds.kind_of(data)
    if kind is Kind.YAML:
        raise Unreadable(kinds.UNKNOWN)
    book = Book(data, kind)
    found: list[_Table] = []
    said = [part.sentence for part in book.left_out_sheets]
    for sheet in book.sheets:
        if not sheet.is_visible:
            continue
        grid = book.grid(sheet.name)
        top, columns = _header(grid)
        if columns is None:
            continue
        found.append(_Table(grid, top, columns))
        place = f"{sheet.name}: " if len(book.sheets) > 1 else ""
        said += [f"{place}{part.sentence}" for part in grid.left_out]
    if not found:
        raise Refused(FileProblem.NO_HEADER)
    return found, said


def _text(cell: Cell | None) -> str:
    value = cell.value if cell else None
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return numbers.shown(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()


# --- from tables to people -----------------------------------------------------------------------


def _rows(tables: list[_Table], agencies: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    known = _Agencies(agencies)
    count = 0
    seen: set[tuple[str, str, bool]] = set()
    for table in tables:
        for number in table.grid.rows:
            if number <= table.top:
                continue
            texts = {
                column: _text(table.grid.cell(number, place))
                for column, place in table.columns.items()
            }
            if not any(texts.values()):
                continue
            for column in MERGED:
                if column in texts and not texts[column]:
                    texts[column] = _text(table.grid.at(number, table.columns[column]))
            count += 1
            if count > MOST_ROWS:
                raise Refused(FileProblem.TOO_MANY_ROWS)
            row = _Row(table.grid.name, number + 1, texts, known).as_dict()
            # Who is named as focal point and as alternate of one office is named twice.
            is_head = row["cells"]["role"] == Role.HEAD
            key = (str(row["slug"]), fold(row["cells"].get("name", "")), is_head)
            if row["slug"] and not row["problems"]:
                if key in seen:
                    row["problems"].append([Column.NAME.value, CellProblem.REPEATED.value])
                seen.add(key)
            yield row


def _header(grid: Grid) -> tuple[int, dict[Column, int] | None]:
    for row, cells in grid.rows.items():
        if row >= HEADER_WITHIN:
            break
        columns: dict[Column, int] = {}
        for place, cell in cells.items():
            column = column_of(_text(cell))
            if column is not None:
                columns.setdefault(column, place)
        if Column.AGENCY in columns and Column.NAME in columns:
            return row, columns
    return 0, None


class _Agencies:
    """The agencies of the task force by every name they go by."""

    def __init__(self, agencies: list[dict[str, Any]]) -> None:
        self.by_name: dict[str, set[str]] = {}
        for agency in agencies:
            for name in agency["names"]:
                self.by_name.setdefault(fold(name), set()).add(agency["slug"])

    def find(self, text: str) -> tuple[str | None, list[str]]:
        """Return (slug, nobody) for a name that is one agency's, else (None, the nearest)."""
        found = self.by_name.get(fold(text), set())
        if len(found) == 1:
            return next(iter(found)), []
        near = sorted(found)
        for name, _score, _index in process.extract(
            fold(text), list(self.by_name), scorer=fuzz.WRatio, score_cutoff=NEAR, limit=12
        ):
            near += sorted(self.by_name[name])
        return None, list(dict.fromkeys(near))[:SUGGESTIONS]


class _Row:
    """One person of the list."""

    def __init__(
        self, sheet: str, number: int, texts: dict[Column, str], agencies: _Agencies
    ) -> None:
        self.sheet = sheet
        self.number = number
        self.problems: list[list[str]] = []
        # What is kept otherwise than it is written: column, as written, as kept.
        self.read_as: list[list[str]] = []
        self.texts = {column: self._screened(column, text) for column, text in texts.items()}
        self.slug: str | None = None
        self.suggestions: list[str] = []
        self._require(Column.AGENCY)
        self._require(Column.NAME)
        if self.texts.get(Column.AGENCY):
            self.slug, self.suggestions = agencies.find(self.texts[Column.AGENCY])
            if self.slug is None:
                self._object(Column.AGENCY, CellProblem.UNKNOWN_AGENCY)

    def _object(self, column: Column, problem: CellProblem) -> None:
        self.problems.append([column.value, problem.value])

    def _screened(self, column: Column, text: str) -> str:
        if screening.blocks(text):
            self._object(column, CellProblem.IDENTITY)
            return ""
        if len(text) > LONGEST_CELL:
            self._object(column, CellProblem.TOO_LONG)
            return ""
        return plain_name(text)

    def _require(self, column: Column) -> None:
        if not self.texts.get(column) and [column.value, CellProblem.IDENTITY.value] not in (
            self.problems
        ):
            self._object(column, CellProblem.MISSING)

    def _email(self) -> str:
        text = self.texts.get(Column.EMAIL, "")
        if text in ("", "-"):
            return ""
        try:
            # A demo's people live at addresses that end in .test.
            address = validate_email(
                address_in(text), check_deliverability=False, test_environment=True
            ).normalized.casefold()
        except EmailNotValidError:
            self._object(Column.EMAIL, CellProblem.NO_ADDRESS)
            return ""
        if address != text.casefold():
            self.read_as.append([Column.EMAIL.value, text, address])
        return address

    def _telephone(self) -> str:
        text = self.texts.get(Column.TELEPHONE, "")
        try:
            number = telephones.read(text)
        except telephones.BadTelephone as bad:
            self.problems.append([Column.TELEPHONE.value, str(bad)])
            return ""
        if number and number != text:
            self.read_as.append([Column.TELEPHONE.value, text, number])
        return number

    def _letter_on(self) -> str:
        text = self.texts.get(Column.LETTER_ON, "")
        if text in ("", "-"):
            return ""
        day = date_of(text)
        if day is None:
            self._object(Column.LETTER_ON, CellProblem.NO_DATE)
            return ""
        return day.isoformat()

    def as_dict(self) -> dict[str, Any]:
        """Return the row as it is stored until it is applied: what the list needs, no more."""
        standing, position = split_position(self.texts.get(Column.POSITION, ""))
        written = self.texts.get(Column.STANDING, "")
        if written not in ("", "-"):
            standing = standing_of(written)
            if standing is None:
                self._object(Column.STANDING, CellProblem.NO_STANDING)
        role = role_of(self.texts.get(Column.ROLE, ""))
        if role is None:
            self._object(Column.ROLE, CellProblem.NO_ROLE)
        cells = {
            "agency": self.texts.get(Column.AGENCY, ""),
            "name": self.texts.get(Column.NAME, "")[:120],
            "role": role.value if role else "",
            "position": position[:120],
            "standing": standing.value if standing else "",
            "email": self._email(),
            "telephone": self._telephone(),
            "letter_number": self.texts.get(Column.LETTER_NUMBER, "")[:80],
            "letter_on": self._letter_on(),
        }
        return {
            "sheet": self.sheet,
            "row": self.number,
            "slug": self.slug,
            "suggestions": self.suggestions,
            "cells": cells,
            "problems": self.problems,
            "read_as": self.read_as,
        }
