"""The columns of an agency's sheet, and what a filled row says. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from coordinator.platform.spreadsheets.dittos import is_ditto
from coordinator.reporting.reports.rules import SURE

SHEET, GUIDE = "Laporan", "Petunjuk"
FIXED = ("key", "version", "indicators", "title", "period", "due", "question")
OWN_HIDDEN = ("key", "version", "indicators")  # the columns that we hide ourselves
TYPED = (
    "held_on",
    "place",
    "note",
    "nil_reason",
    "blocked_by",
    "decision_question",
    "decision_asked_of",
)
MOST_ROWS = 500
LONGEST = {"note": 2000, "nil_reason": 2000, "blocked_by": 2000, "decision_question": 2000}
LONGEST_ELSE = 200
UNREAD = ("title", "period", "due", "question", "indicator")  # their content is ours


@dataclass(frozen=True, slots=True)
class SheetColumns:
    """The order of the columns. `most` is the highest number of indicators of any report."""

    most: int

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        pairs = [name for n in range(1, self.most + 1) for name in (f"indicator{n}", f"value{n}")]
        return (*FIXED, "kind", *pairs, "contribution", *TYPED, "send")


def letter(index: int) -> str:
    """Return a column's letter as spreadsheets show it: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


@dataclass(frozen=True, slots=True)
class Expected:
    """An open report, as the sheet was made for it."""

    key: str
    title: str
    version: int
    fields: tuple[str, ...]  # of its indicators, in order
    is_lead: bool
    draft: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SheetProblem:
    """What is wrong, and in which cell ("C12"); the view has the words for `what`.

    `column` is the name of the cell's column in the layout, for people who see no letters.
    """

    cell: str
    what: str
    column: str = ""


@dataclass(frozen=True, slots=True)
class SheetQuestion:
    """What is asked about a number, as on the form; who applies the sheet says that it is meant."""

    cell: str
    what: str
    column: str
    field: str  # of the draft
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Noted:
    """What the reader says of a cell: row from 1, column from 0. `is_wrong`: it has no value."""

    row: int
    column: int
    text: str
    is_wrong: bool


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One report as the sheet fills it."""

    row: int
    key: str
    title: str
    version: int
    draft: dict[str, str]
    send: bool
    is_changed: bool
    problems: list[SheetProblem] = field(default_factory=list)
    questions: list[SheetQuestion] = field(default_factory=list)
    # Notes of the preview on cells: the person who applies the sheet has read them.
    remarks: list[SheetProblem] = field(default_factory=list)
    # The cells that are empty now, with what the draft holds.
    emptied: list[SheetProblem] = field(default_factory=list)
    # In a row that is hidden in the file: taken where a person chooses it.
    is_hidden: bool = False


def _plain(draft: Mapping[str, str]) -> dict[str, str]:
    """Return a draft as a spreadsheet returns it: trimmed, and with one kind of line end."""
    texts = {name: "\n".join(text.splitlines()).strip() for name, text in draft.items()}
    return {name: text for name, text in texts.items() if text and not name.startswith(SURE)}


def most_values(head: Sequence[str], value_head: str) -> int:
    """Return how many value columns a sheet has, by its head."""
    return sum(cell.startswith(value_head) for cell in head)


def read_lines(  # noqa: C901, PLR0913, PLR0915
    rows: Sequence[Sequence[str]],
    expected: Mapping[str, Expected],
    *,
    layout: SheetColumns,
    kinds: Mapping[str, str],
    yes: str,
    no: str,
    choices: Mapping[str, str],
    choice_fields: frozenset[str],
    noted: Sequence[Noted] = (),
) -> list[SheetLine]:
    """Read the rows below the head.

    `kinds`, `choices`: from the words of the drop-down lists to what a draft stores. A row that was
    left alone is not changed, regardless of who edited the draft since.
    """
    lines: list[SheetLine] = []
    seen: set[str] = set()
    place = {name: index for index, name in enumerate(layout.columns)}
    read = {at for name, at in place.items() if name.rstrip("0123456789") not in UNREAD}
    words = {kept: word for word, kept in (*kinds.items(), *choices.items())}
    of_rows: dict[int, list[Noted]] = {}
    for note in noted:
        if note.column in read:
            of_rows.setdefault(note.row, []).append(note)
    for number, cells in enumerate(rows, start=2):
        if not any(cell.strip() for cell in cells):
            continue

        def cell(name: str, cells: Sequence[str] = cells) -> str:
            index = place[name]
            return "\n".join(cells[index].splitlines()).strip() if index < len(cells) else ""

        notes = of_rows.get(number, ())
        problems, remarks = (
            [
                SheetProblem(
                    f"{letter(note.column)}{number}", note.text, layout.columns[note.column]
                )
                for note in notes
                if note.is_wrong is is_wrong
            ]
            for is_wrong in (True, False)
        )

        def wrong(
            name: str, what: str, number: int = number, into: list[SheetProblem] = problems
        ) -> None:
            at = f"{letter(place[name])}{number}"
            if at not in {problem.cell for problem in into}:
                into.append(SheetProblem(at, what, name))

        key = cell("key")
        wanted = expected.get(key)
        if wanted is None or key in seen:
            wrong("key", "twice" if key in seen else "unknown")
            lines.append(SheetLine(number, key, cell("title"), 0, {}, False, False, problems))
            continue
        seen.add(key)
        draft: dict[str, str] = {}
        kind = cell("kind")
        if kind:
            if kind.casefold() in kinds:
                draft["kind"] = kinds[kind.casefold()]
            else:
                wrong("kind", "kind")
        if cell("indicators") != ";".join(name.removeprefix("value-") for name in wanted.fields):
            wrong("indicators", "indicators")
        for n, name in enumerate(wanted.fields, start=1):
            text = cell(f"value{n}") if f"value{n}" in place else ""
            if name in choice_fields and text:
                if text.casefold() not in choices:
                    wrong(f"value{n}", "choice")
                text = choices.get(text.casefold(), "")
            if is_ditto(text):
                wrong(f"value{n}", "ditto")
            elif text:
                draft[name] = text
        names = TYPED if wanted.is_lead else ("contribution", *TYPED)
        for name in names:
            text = cell(name)
            if len(text) > LONGEST.get(name, LONGEST_ELSE):
                wrong(name, "long")
            elif is_ditto(text):
                wrong(name, "ditto")
            elif text:
                draft[name] = text
        said = cell("send").casefold()
        if said not in ("", yes, no):
            wrong("send", "send")
        before = _plain(wanted.draft)
        is_changed = draft != before
        version = int(cell("version")) if cell("version").isdecimal() else -1
        if version != wanted.version and (is_changed or said == yes):
            wrong("version", "stale")
        line = SheetLine(
            number,
            key,
            wanted.title,
            version,
            draft,
            said == yes,
            is_changed,
            problems,
            remarks=remarks,
        )
        columns = {name: f"value{n}" for n, name in enumerate(wanted.fields, start=1)}
        for name in [*columns, "kind", *names]:
            at = place.get(columns.get(name, name))
            if name in before and name not in draft and at is not None:
                was = before[name]
                if name == "kind" or name in choice_fields:
                    was = words.get(was, was)
                line.emptied.append(
                    SheetProblem(f"{letter(at)}{number}", was, columns.get(name, name))
                )
        lines.append(line)
    return lines
