"""What goes into reading a plan's spreadsheet, and what comes out. Plain values, JSON both ways."""

from enum import StrEnum, auto
from typing import Literal

from pydantic import BaseModel, ConfigDict

from coordinator.plan.seed import Key, PlanFile, PlanPart
from coordinator.spreadsheets.shapes import Sheet

LEAVE_OUT = "-"


class Shape(StrEnum):
    """What kind of file it is: our template, somebody's own matrix, or a plan file in YAML."""

    TEMPLATE = auto()
    MATRIX = auto()
    YAML = auto()


class Field(StrEnum):
    """What a column of a plan's spreadsheet can hold. A column of targets is `target:YEAR`, with
    `target:LEVEL:YEAR` for one level of task force; see `Heading.field`."""

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


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Known(_Value):
    """What the names in a file are matched against: keys with all names each goes by."""

    agencies: dict[Key, list[str]]
    working_groups: dict[Key, list[str]]
    duties: list[Key] = []
    # Agencies that only share data and take no assignment: a plan that names one is asked about.
    courts: list[Key] = []
    # The plan in force under the same id, so that a row without an id finds its action.
    base: PlanFile | None = None


class Choices(_Value):
    """What a person decided on the screen; all empty at the first reading.

    `headings` maps a column's letter to a field (or LEAVE_OUT), `agencies` a name as the file
    spells it to an agency's key (or LEAVE_OUT), `working_groups` a strategy's number or a name to
    a pokja's key. `plan` says what plan the file is, where the file does not.
    """

    sheet: str | None = None
    headings: dict[str, str] = {}
    agencies: dict[str, str] = {}
    working_groups: dict[str, str] = {}
    plan: PlanPart | None = None


class Heading(_Value):
    """A column: its letter, its header as one text (merged rows joined by " / "), the field it is
    taken for, and whether that is sure or asks to be confirmed."""

    column: str
    text: str
    field: str | None
    is_sure: bool


class Suggestion(_Value):
    """An agency or pokja a name may mean, with how alike the two are, 0-100."""

    key: Key
    name: str
    score: int


class Problem(_Value):
    """Something that stands against a row, with where it is: sheet, row (from 1), column letter.

    An error keeps the whole file from being applied; a warning does not.
    """

    severity: Literal["error", "warning"]
    message: str
    sheet: str = ""
    row: int | None = None
    column: str | None = None
    value: str = ""


class Unknown(_Value):
    """A name in the file that no agency or pokja surely has: never applied without a person."""

    text: str
    rows: list[int]
    suggestions: list[Suggestion]
    # What `text` stands for, where it is only a number: the strategy's title.
    label: str = ""


class Reading(_Value):
    """What was read. `plan` is there only when nothing of `problems` is an error and nothing of
    `unknown_*` waits for a choice; `refused` is the one sentence that ended the reading."""

    shape: Shape | None = None
    refused: str | None = None
    sheets: list[Sheet] = []
    sheet: str | None = None
    headings: list[Heading] = []
    rows: int = 0
    problems: list[Problem] = []
    unknown_agencies: list[Unknown] = []
    unknown_working_groups: list[Unknown] = []
    # What plan a file without a header of its own seems to be: what the screen asks about first.
    guessed: PlanPart | None = None
    plan: PlanFile | None = None
