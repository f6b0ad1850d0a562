"""What goes into reading a plan's spreadsheet, and what comes out. Plain values, JSON both ways."""

import json
from dataclasses import field
from enum import StrEnum, auto
from typing import Literal, Self

from coordinator.checked import CheckedData
from coordinator.plans.actions.rules import PlanKind
from coordinator.plans.actions.seed import Key, PlanFile, PlanPart
from coordinator.platform.spreadsheets.shapes import Sheet

LEAVE_OUT = "-"
ANY_SHEET = "*"


class Shape(StrEnum):
    """What kind of file it is: our template, somebody's own matrix, or a plan file in YAML."""

    TEMPLATE = auto()
    MATRIX = auto()
    YAML = auto()


class Field(StrEnum):
    """What a column of a plan's spreadsheet can hold. A column of targets is `target:YEAR`, with
    `target:LEVEL:YEAR` for one level of task force, and `target:YEAR/Q1` (M01-M12, S1, S2, B03) for
    a part of the year; see `Heading.field`."""

    ACTION_KEY = auto()
    INDICATOR_KEY = auto()
    STRATEGY = auto()
    CODE = auto()
    ACTION = auto()
    QUESTION = auto()
    WORKING_GROUP = auto()
    TAG = auto()
    ORIGIN = auto()
    BASIS = auto()
    LEAD = auto()
    SUPPORT = auto()
    DUTIES = auto()
    NATIONAL = auto()
    DISCONTINUED = auto()
    INDICATOR = auto()
    UNIT = auto()
    KIND = auto()
    BETTER = auto()
    ACCUMULATION = auto()


class KnownNames(CheckedData):
    """What the names in a file are matched against: keys with all names each goes by."""

    agencies: dict[Key, list[str]]
    working_groups: dict[Key, list[str]]
    duties: list[Key] = field(default_factory=list)
    # Agencies that only share data and take no assignment: a plan that names one is asked about.
    courts: list[Key] = field(default_factory=list)
    # The plan in force under the same id, so that a row without an id finds its action.
    base: PlanFile | None = None
    # Which of its actions and indicators work rests on (assignments, targets, figures): whether a
    # row goes on with one of these, a person says.
    in_use: list[Key] = field(default_factory=list)


class Choices(CheckedData):
    """What a person decided on the screen; all empty at the first reading.

    `sheets` are read as one plan. `headings` maps a column's letter to a field (or LEAVE_OUT), for
    one of several sheets as "Sheet!C"; `header` maps a sheet (or ANY_SHEET) to the row, from 1, of
    its header. `agencies` maps a name as the file spells it to an agency's key (or LEAVE_OUT),
    `working_groups` a strategy's number or a name to a pokja's key. `answers` maps a question's key
    or group to an option. `without_wrong`: what is wrong stays out, the rest is applied;
    `take`: hidden and struck-out parts that count all the same. `plan` says what plan the file is,
    where the file does not.
    """

    sheets: list[str] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)
    header: dict[str, int] = field(default_factory=dict)
    agencies: dict[str, str] = field(default_factory=dict)
    working_groups: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    without_wrong: bool = False
    take: list[str] = field(default_factory=list)
    plan: PlanPart | None = None

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Return kept choices, also those of the time when only one sheet could be chosen."""
        data = json.loads(text)
        if "sheet" in data:
            sheet = data.pop("sheet")
            data["sheets"] = [sheet] if sheet else []
        return cls.checked(data)


class Heading(CheckedData):
    """A column: its letter, its header as one text (merged rows joined by " / "), the field it is
    taken for, and whether that is sure or asks to be confirmed. `sheet` is empty in the first of
    the sheets that are read."""

    column: str
    text: str
    field: str | None
    is_sure: bool
    sheet: str = ""

    @property
    def key(self) -> str:
        """Its name among the choices."""
        return f"{self.sheet}!{self.column}" if self.sheet else self.column


class HeaderRow(CheckedData):
    """A row that may be the header: its number from 1, and its texts."""

    row: int
    text: str


class Option(CheckedData):
    """One answer to a question."""

    value: str
    label: str


class Ambiguity(CheckedData):
    """Something the file says in a way that has two meanings: never decided without a person.

    `group` names the kind of doubt: an answer to it answers all of its kind. `answer` is what was
    chosen, "" while it is open; `suggestion` is what the page offers meanwhile, "" where nothing is
    likelier than the rest.
    """

    key: str
    group: str
    text: str
    options: list[Option]
    sheet: str = ""
    row: int | None = None
    column: str | None = None
    value: str = ""
    answer: str = ""
    suggestion: str = ""


class RowState(StrEnum):
    """Whether a row can be applied.

    It can, waits for a person's answer, is wrong, or is kept unchanged from the plan in force
    because the file's own is wrong.
    """

    READY = auto()
    ASKED = auto()
    WRONG = auto()
    KEPT = auto()


class LeftPart(CheckedData):
    """Something hidden or struck out: which kind, what is said of it, and whether it was read."""

    reason: str
    sentence: str
    is_taken: bool = False


class ShownTarget(CheckedData):
    """A target as it will be: "2026" or "provinsi 2026", and the number."""

    label: str
    text: str


class ShownRow(CheckedData):
    """An indicator of the file with its action, as it will be in the plan. `code_in_file` is there
    where the code of the file is another."""

    sheet: str = ""
    row: int | None = None
    strategy: str = ""
    code: str = ""
    code_in_file: str = ""
    action: str = ""
    indicator: str = ""
    measure: str = ""
    unit: str = ""
    lead: str = ""
    support: list[str] = field(default_factory=list)
    targets: list[ShownTarget] = field(default_factory=list)
    state: RowState = RowState.READY


class GuessedPlan(CheckedData):
    """What plan a file seems to be, as far as its title, its columns and its name say so.

    What none of them says is left empty and asked.
    """

    title: str = ""
    kind: PlanKind | None = None
    first_year: int | None = None
    last_year: int | None = None


class Suggestion(CheckedData):
    """An agency or pokja a name may mean, with how alike the two are, 0-100."""

    key: Key
    name: str
    score: int


class Problem(CheckedData):
    """A problem of a row, with its place: sheet, row (from 1), column letter.

    An error keeps the whole file from being applied; a warning does not.
    """

    severity: Literal["error", "warning"]
    message: str
    sheet: str = ""
    row: int | None = None
    column: str | None = None
    value: str = ""


class Unknown(CheckedData):
    """A name in the file that no agency or pokja surely has: never applied without a person."""

    text: str
    rows: list[int]
    suggestions: list[Suggestion]
    # What `text` means, where it is only a number: what the file calls the strategy.
    label: str = ""


class PlanReading(CheckedData):
    """What was read. `plan` is there only when nothing of `problems` is an error (or what is wrong
    was left out by choice) and neither a name nor a question waits for a person; `refused` is the
    one sentence that ended the reading."""

    shape: Shape | None = None
    refused: str | None = None
    sheets: list[Sheet] = field(default_factory=list)
    sheet: str | None = None
    headings: list[Heading] = field(default_factory=list)
    rows: int = 0
    problems: list[Problem] = field(default_factory=list)
    unknown_agencies: list[Unknown] = field(default_factory=list)
    unknown_working_groups: list[Unknown] = field(default_factory=list)
    # What the file calls each strategy, by the number it is kept under.
    strategies: dict[str, str] = field(default_factory=dict)
    # All sheets that were read as one plan; `sheet` is the first of them.
    read_sheets: list[str] = field(default_factory=list)
    # What was decided or left aside in reading the file as a whole, as sentences.
    notes: list[str] = field(default_factory=list)
    questions: list[Ambiguity] = field(default_factory=list)
    # The rows among which a person can choose the header, and the one that was taken (from 1).
    header_rows: list[HeaderRow] = field(default_factory=list)
    header: int | None = None
    # Every row of the file as it will be, the wrong ones too.
    table: list[ShownRow] = field(default_factory=list)
    # Whether leaving out what is wrong would make a plan that can be applied.
    may_leave_wrong: bool = False
    # Hidden and struck-out parts that are left out, or were taken in by choice.
    left_out: list[LeftPart] = field(default_factory=list)
    # The plan that the file itself names by its id.
    names_plan: str | None = None
    # What plan a file without a header of its own seems to be: what the screen asks about first.
    guessed: GuessedPlan | None = None
    # The actions and indicators that work rested on when it was read (`KnownNames.in_use`).
    in_use: list[Key] = field(default_factory=list)
    plan: PlanFile | None = None
