"""Reads a list of people. Runs in a child process alone (`coordinator.child`): it parses what
others made, and its libraries cost the web process nothing.

In: a line of JSON ({"agencies": [{"slug", "names"}]}), then the file. Out: JSON, {"problem"} or
{"rows": [...]}. A NIK leaves this process in no form: such a cell is emptied here.
"""

import codecs
import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import python_calamine
from email_validator import EmailNotValidError, validate_email
from rapidfuzz import fuzz, process

from coordinator import screening
from coordinator.onboarding.importing.rules import (
    HEADER_WITHIN,
    LARGEST_UNPACKED,
    LONGEST_CELL,
    MOST_ROWS,
    CellProblem,
    Column,
    FileProblem,
    column_of,
    date_of,
    fold,
    role_of,
    split_position,
    standing_of,
    telephone_of,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
NEAR = 60  # of 100: below, a suggestion would only mislead
SUGGESTIONS = 3

Table = tuple[str, list[list[str]]]


class Refused(Exception):
    """The file cannot be read at all."""

    def __init__(self, problem: FileProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


def main(payload: bytes) -> bytes:
    """Return the rows of the file in `payload`, or why there are none."""
    head, _, data = payload.partition(b"\n")
    try:
        rows = list(_rows(_tables(data), json.loads(head)["agencies"]))
        if not rows:
            raise Refused(FileProblem.NO_ROWS)
        answer: dict[str, Any] = {"rows": rows}
    except Refused as refused:
        answer = {"problem": refused.problem.value}
    return json.dumps(answer, ensure_ascii=False).encode()


# --- from bytes to tables of text ----------------------------------------------------------------


def _tables(data: bytes) -> list[Table]:
    if not data.strip():
        raise Refused(FileProblem.EMPTY)
    if data.startswith(OLE):
        raise Refused(FileProblem.PASSWORD if ENCRYPTED in data else FileProblem.OLD_FORMAT)
    if data.startswith(b"PK"):
        return _workbook(data)
    return [("", _csv(data))]


def _workbook(data: bytes) -> list[Table]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if any(part.flag_bits & 1 for part in parts.infolist()):
                raise Refused(FileProblem.PASSWORD)
            if sum(part.file_size for part in parts.infolist()) > LARGEST_UNPACKED:
                raise Refused(FileProblem.BOMB)
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [(name, _sheet(book.get_sheet_by_name(name))) for name in book.sheet_names]
    except python_calamine.PasswordError as error:
        raise Refused(FileProblem.PASSWORD) from error
    except (zipfile.BadZipFile, python_calamine.CalamineError) as error:
        raise Refused(FileProblem.DAMAGED) from error


def _sheet(sheet: python_calamine.CalamineSheet) -> list[list[str]]:
    rows = sheet.to_python(skip_empty_area=False, nrows=MOST_ROWS + HEADER_WITHIN + 2)
    return [[_text(value) for value in row] for row in rows]


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _csv(data: bytes) -> list[list[str]]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Refused(FileProblem.UTF16)
    if b"\0" in data:
        raise Refused(FileProblem.DAMAGED)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    lines = text.splitlines()[:HEADER_WITHIN]
    delimiter = max(";,\t", key=lambda mark: sum(line.count(mark) for line in lines))
    try:
        return [
            [cell.strip() for cell in row]
            for row in csv.reader(io.StringIO(text), delimiter=delimiter)
        ]
    except csv.Error as error:
        raise Refused(FileProblem.DAMAGED) from error


# --- from tables to people -----------------------------------------------------------------------


def _rows(tables: list[Table], agencies: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    known = _Agencies(agencies)
    has_header = False
    count = 0
    seen: set[tuple[str, str, str]] = set()
    for sheet, table in tables:
        place, columns = _header(table)
        if columns is None:
            continue
        has_header = True
        for number, cells in enumerate(table[place + 1 :], start=place + 2):
            texts = {
                column: cells[index] for column, index in columns.items() if index < len(cells)
            }
            if not any(texts.values()):
                continue
            count += 1
            if count > MOST_ROWS:
                raise Refused(FileProblem.TOO_MANY_ROWS)
            row = _Row(sheet, number, texts, known).as_dict()
            key = (str(row["slug"]), fold(row["cells"].get("name", "")), row["cells"]["role"])
            if row["slug"] and not row["problems"]:
                if key in seen:
                    row["problems"].append([Column.NAME.value, CellProblem.REPEATED.value])
                seen.add(key)
            yield row
    if not has_header:
        raise Refused(FileProblem.NO_HEADER)


def _header(table: list[list[str]]) -> tuple[int, dict[Column, int] | None]:
    for place, cells in enumerate(table[:HEADER_WITHIN]):
        columns: dict[Column, int] = {}
        for index, cell in enumerate(cells):
            column = column_of(cell)
            if column is not None:
                columns.setdefault(column, index)
        if Column.AGENCY in columns and Column.NAME in columns:
            return place, columns
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
        return " ".join(text.split())

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
            return validate_email(text, check_deliverability=False).normalized.casefold()
        except EmailNotValidError:
            self._object(Column.EMAIL, CellProblem.NO_ADDRESS)
            return ""

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
            "telephone": telephone_of(self.texts.get(Column.TELEPHONE, ""))[:40],
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
        }
