"""Read a list of people. Runs only in a child process (`coordinator.child`): it parses what
others made, and its libraries cost the web process nothing.

In: a line of JSON ({"agencies": [{"slug", "names"}]}), then the file. Out: JSON, {"problem"} or
{"rows": [...]}. A NIK leaves this process in no form: such a cell is emptied here.
"""

import json
from collections.abc import Iterator
from typing import Any

from email_validator import EmailNotValidError, validate_email
from rapidfuzz import fuzz, process

from coordinator import screening, telephones
from coordinator.people.importing.rules import (
    LONGEST,
    LONGEST_CELL,
    MOST_ROWS,
    CellProblem,
    FileProblem,
    PeopleColumn,
    Role,
    address_in,
    date_of,
    fold,
    is_name,
    role_of,
    split_position,
    standing_of,
    without_numbering,
)
from coordinator.people.importing.tables import BadList, PeopleTable, Problems, tables_of
from coordinator.platform.spreadsheets.kinds import BadSheet
from coordinator.typed import is_sensible, plain_name

NEAR = 60  # of 100: below, a suggestion would only mislead
SUGGESTIONS = 3


def main(payload: bytes) -> bytes:
    """Return the rows of the file in `payload`, or why there are none.

    {"rows", "said"}: `said` are sentences about what was left out. {"problem"} is a FileProblem,
    {"refused"} the reader's own sentence.
    """
    head, _, data = payload.partition(b"\n")
    answer: dict[str, Any]
    try:
        tables, said = tables_of(data)
        rows = list(_rows(tables, json.loads(head)["agencies"]))
        if not rows:
            raise BadList(FileProblem.NO_ROWS)
        for table in tables:
            said += table.said
        answer = {"rows": rows, "said": said}
    except BadList as refused:
        answer = {"problem": refused.problem.value}
    except BadSheet as unreadable:
        answer = {"refused": str(unreadable)}
    return json.dumps(answer, ensure_ascii=False).encode()


def _rows(tables: list[PeopleTable], agencies: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    known = _Agencies(agencies)
    count = 0
    seen: set[tuple[str, str, bool]] = set()
    for table in tables:
        for number, texts, problems in table.people():
            count += 1
            if count > MOST_ROWS:
                raise BadList(FileProblem.TOO_MANY_ROWS)
            row = _Row(table.grid.name, number + 1, texts, problems, known).as_dict()
            # A person named as focal point and as alternate of one office is a duplicate.
            is_head = row["cells"]["role"] == Role.HEAD
            key = (str(row["slug"]), fold(row["cells"].get("name", "")), is_head)
            if row["slug"] and not row["problems"]:
                if key in seen:
                    row["problems"].append([PeopleColumn.NAME.value, CellProblem.REPEATED.value])
                seen.add(key)
            yield row


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
        self,
        sheet: str,
        number: int,
        texts: dict[PeopleColumn, str],
        problems: Problems,
        agencies: _Agencies,
    ) -> None:
        self.sheet = sheet
        self.number = number
        self.problems = [[column.value, str(problem)] for column, problem in problems]
        # Values that are stored differently from the file: column, as written, as stored.
        self.read_as: list[list[str]] = []
        self.texts = {column: self._screened(column, text) for column, text in texts.items()}
        self.slug: str | None = None
        self.suggestions: list[str] = []
        self._require(PeopleColumn.AGENCY)
        self._require(PeopleColumn.NAME)
        name = without_numbering(self.texts.get(PeopleColumn.NAME, ""))
        self.texts[PeopleColumn.NAME] = name
        if name and not is_name(name):
            self._object(PeopleColumn.NAME, CellProblem.NO_NAME)
        if self.texts.get(PeopleColumn.AGENCY):
            self.slug, self.suggestions = agencies.find(self.texts[PeopleColumn.AGENCY])
            if self.slug is None:
                self._object(PeopleColumn.AGENCY, CellProblem.UNKNOWN_AGENCY)

    def _object(self, column: PeopleColumn, problem: CellProblem) -> None:
        self.problems.append([column.value, problem.value])

    def _screened(self, column: PeopleColumn, text: str) -> str:
        if screening.blocks(text):
            self._object(column, CellProblem.IDENTITY)
            return ""
        text = plain_name(text)
        if len(text) > LONGEST.get(column, LONGEST_CELL):
            self._object(column, CellProblem.TOO_LONG)
            return ""
        return text

    def _require(self, column: PeopleColumn) -> None:
        is_missing = self.texts.get(column, "") in ("", "-")
        if is_missing and not any(of == column.value for of, _problem in self.problems):
            self.texts[column] = ""
            self._object(column, CellProblem.MISSING)

    def _email(self) -> str:
        text = self.texts.get(PeopleColumn.EMAIL, "")
        if text in ("", "-"):
            return ""
        try:
            # A demo's people live at addresses that end in .test.
            address = validate_email(
                address_in(text), check_deliverability=False, test_environment=True
            ).normalized.casefold()
        except EmailNotValidError:
            self._object(PeopleColumn.EMAIL, CellProblem.NO_ADDRESS)
            return ""
        if address != text.casefold():
            self.read_as.append([PeopleColumn.EMAIL.value, text, address])
        return address

    def _telephone(self) -> str:
        text = self.texts.get(PeopleColumn.TELEPHONE, "")
        try:
            number = telephones.read(text)
        except telephones.BadTelephone as bad:
            self.problems.append([PeopleColumn.TELEPHONE.value, str(bad)])
            return ""
        if number and number != text:
            self.read_as.append([PeopleColumn.TELEPHONE.value, text, number])
        return number

    def _letter_on(self) -> str:
        text = self.texts.get(PeopleColumn.LETTER_ON, "")
        if text in ("", "-"):
            return ""
        day = date_of(text)
        if day is None:
            self._object(PeopleColumn.LETTER_ON, CellProblem.NO_DATE)
            return ""
        if not is_sensible(day):
            self._object(PeopleColumn.LETTER_ON, CellProblem.ODD_YEAR)
            return ""
        return day.isoformat()

    def as_dict(self) -> dict[str, Any]:
        """Return the row as it is stored until it is applied: what the list needs, no more."""
        standing, position = split_position(self.texts.get(PeopleColumn.POSITION, ""))
        written = self.texts.get(PeopleColumn.STANDING, "")
        if written not in ("", "-"):
            in_position, standing = standing, standing_of(written)
            if standing is None:
                self._object(PeopleColumn.STANDING, CellProblem.NO_STANDING)
            elif in_position not in (None, standing):
                self._object(PeopleColumn.STANDING, CellProblem.TWO_STANDINGS)
        role = role_of(self.texts.get(PeopleColumn.ROLE, ""))
        if role is None:
            self._object(PeopleColumn.ROLE, CellProblem.NO_ROLE)
        cells = {
            "agency": self.texts.get(PeopleColumn.AGENCY, ""),
            "name": self.texts.get(PeopleColumn.NAME, ""),
            "role": role.value if role else "",
            "position": position,
            "standing": standing.value if standing else "",
            "email": self._email(),
            "telephone": self._telephone(),
            "letter_number": self.texts.get(PeopleColumn.LETTER_NUMBER, ""),
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
