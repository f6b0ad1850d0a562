"""What goes into reading a plan's spreadsheet, and what comes out. Plain values, JSON both ways."""

from enum import StrEnum, auto
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

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


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class KnownNames(_Value):
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

    `sheets` are read as one plan. `headings` maps a column's letter to a field (or LEAVE_OUT), for
    one of several sheets as "Sheet!C"; `header` maps a sheet (or ANY_SHEET) to the row, from 1, of
    its header. `agencies` maps a name as the file spells it to an agency's key (or LEAVE_OUT),
    `working_groups` a strategy's number or a name to a pokja's key. `answers` maps a question's key
    or group to an option. `without_wrong`: what is wrong stays out, the rest is applied;
    `take`: hidden and struck-out parts that count all the same. `plan` says what plan the file is,
    where the file does not.
    """

    sheets: list[str] = []
    headings: dict[str, str] = {}
    header: dict[str, int] = {}
    agencies: dict[str, str] = {}
    working_groups: dict[str, str] = {}
    answers: dict[str, str] = {}
    without_wrong: bool = False
    take: list[str] = []
    plan: PlanPart | None = None

    @model_validator(mode="before")
    @classmethod
    def _of_one_sheet(cls, data: Any) -> Any:
        """Take what was kept while only one sheet could be chosen."""
        if isinstance(data, dict) and "sheet" in data:
            sheet = data["sheet"]
            kept = {name: value for name, value in data.items() if name != "sheet"}
            return {**kept, "sheets": [sheet] if sheet else []}
        return data


class Heading(_Value):
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


class HeaderRow(_Value):
    """A row that may be the header: its number from 1, and its texts."""

    row: int
    text: str


class Option(_Value):
    """One answer to a question."""

    value: str
    label: str


class Ambiguity(_Value):
    """Something the file says in a way that has two meanings: never decided without a person.

    `group` names the kind of doubt: an answer to it answers all of its kind. `answer` is what was
    chosen, "" while it is open.
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


class RowState(StrEnum):
    """Whether a row can be applied.

    It can, waits for a person's answer, is wrong, or is kept unchanged from the plan in force
    because the file's own is wrong.
    """

    READY = auto()
    ASKED = auto()
    WRONG = auto()
    KEPT = auto()


class LeftPart(_Value):
    """Something hidden or struck out: which kind, what is said of it, and whether it was read."""

    reason: str
    sentence: str
    is_taken: bool = False


class ShownTarget(_Value):
    """A target as it will be: "2026" or "provinsi 2026", and the number."""

    label: str
    text: str


class ShownRow(_Value):
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
    support: list[str] = []
    targets: list[ShownTarget] = []
    state: RowState = RowState.READY


class GuessedPlan(_Value):
    """What plan a file seems to be, as far as its title, its columns and its name say so.

    What none of them says is left empty and asked.
    """

    title: str = ""
    kind: PlanKind | None = None
    first_year: int | None = None
    last_year: int | None = None


class Suggestion(_Value):
    """An agency or pokja a name may mean, with how alike the two are, 0-100."""

    key: Key
    name: str
    score: int


class Problem(_Value):
    """A problem of a row, with its place: sheet, row (from 1), column letter.

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
    # What `text` means, where it is only a number: what the file calls the strategy.
    label: str = ""


class PlanReading(_Value):
    """What was read. `plan` is there only when nothing of `problems` is an error (or what is wrong
    was left out by choice) and neither a name nor a question waits for a person; `refused` is the
    one sentence that ended the reading."""

    shape: Shape | None = None
    refused: str | None = None
    sheets: list[Sheet] = []
    sheet: str | None = None
    headings: list[Heading] = []
    rows: int = 0
    problems: list[Problem] = []
    unknown_agencies: list[Unknown] = []
    unknown_working_groups: list[Unknown] = []
    # What the file calls each strategy, by the number it is kept under.
    strategies: dict[str, str] = {}
    # All sheets that were read as one plan; `sheet` is the first of them.
    read_sheets: list[str] = []
    # What was decided or left aside in reading the file as a whole, as sentences.
    notes: list[str] = []
    questions: list[Ambiguity] = []
    # The rows among which a person can choose the header, and the one that was taken (from 1).
    header_rows: list[HeaderRow] = []
    header: int | None = None
    # Every row of the file as it will be, the wrong ones too.
    table: list[ShownRow] = []
    # Whether leaving out what is wrong would make a plan that can be applied.
    may_leave_wrong: bool = False
    # Hidden and struck-out parts that are left out, or were taken in by choice.
    left_out: list[LeftPart] = []
    # The plan that the file itself names by its id.
    names_plan: str | None = None
    # What plan a file without a header of its own seems to be: what the screen asks about first.
    guessed: GuessedPlan | None = None
    plan: PlanFile | None = None
