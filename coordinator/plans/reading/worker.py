"""Reads one file. Runs in a child process: the parsers meet what anybody may upload."""

import json
from dataclasses import dataclass, replace
from typing import Any

from coordinator.plans.actions.seed import ActionPart, PlanPart
from coordinator.plans.reading import (
    assembling,
    guesses,
    header,
    layout,
    shown,
    spoken,
    target_years,
    yamlfile,
)
from coordinator.plans.reading.assembling import Assembler
from coordinator.plans.reading.columns import LABELS, PLAN_KEY_LABEL, folded, header_text
from coordinator.plans.reading.faults import Faults
from coordinator.plans.reading.layout import PlanLayout
from coordinator.plans.reading.matching import BaseActions
from coordinator.plans.reading.raw import Raw, RawStrategy, text_of
from coordinator.plans.reading.rows import Reader
from coordinator.plans.reading.shapes import (
    Ambiguity,
    Choices,
    Field,
    GuessedPlan,
    KnownNames,
    LeftPart,
    PlanReading,
    Problem,
    RowState,
    Shape,
    ShownRow,
)
from coordinator.plans.reading.sheet_context import LONGEST_TEXT, Shared, SheetContext, too_long
from coordinator.platform.spreadsheets import kinds
from coordinator.platform.spreadsheets.cells import NO_SHEET, ONLY_HIDDEN, Book, Grid
from coordinator.platform.spreadsheets.kinds import BadSheet, BookKind
from coordinator.platform.spreadsheets.shapes import Reason
from coordinator.platform.yaml_files import shown as shortened
from coordinator.screening import blocks

NO_HEADER = (
    "Baris judul kolom tidak ditemukan di lembar “%s”. Pilih barisnya dan isi tiap kolom: harus "
    "ada kolom Aksi atau Indikator dan satu kolom lain, misalnya Penanggung Jawab atau Target 2026."
)
NO_ROWS = "Tidak ada satu aksi pun di bawah judul kolom lembar “%s”."
OTHER_HEADER = "Bila baris judulnya keliru, pilih baris yang benar."
NO_PLAN = "Berkas ini tidak menyebut rencananya: isi jenis, judul, dan tahun rencana."
OTHER_PLAN = "Berkas ini menyebut rencana “%s”, tetapi dibaca sebagai “%s” karena itu yang dipilih."
NO_SUCH_SHEET = "Lembar “%s” tidak ada atau kosong."
MOST_SHEETS = 20
IDS = (LABELS[Field.ACTION_KEY], LABELS[Field.INDICATOR_KEY])


def main(payload: bytes) -> bytes:
    """Return the Reading of {"name", "known", "choices"}, a line of JSON before the file itself."""
    head, _newline, data = payload.partition(b"\n")
    order: dict[str, Any] = json.loads(head)
    reading = read(
        data,
        order["name"],
        known=KnownNames.checked(order["known"]),
        choices=Choices.checked(order["choices"]),
    )
    return reading.to_json().encode()


def read(data: bytes, name: str, *, known: KnownNames, choices: Choices) -> PlanReading:
    """Return what was read of a file, in this process."""
    try:
        kind = kinds.kind_of(data)
        if kind is BookKind.YAML:
            return yamlfile.read(data, name, known, choices)
        return _Worker(Book(data, kind), name, known, choices).read()
    except BadSheet as refused:
        return PlanReading(refused=str(refused))


@dataclass(slots=True)
class _Part:
    """One sheet on its way: its cells, its header, what was found wrong, what it says."""

    grid: Grid
    layout: PlanLayout
    faults: Faults
    is_found: bool  # the header was found or chosen, not guessed at
    raw: Raw
    given: SheetContext | None = None
    assembler: Assembler | None = None


class _Worker:
    """Reads one workbook with one person's choices."""

    def __init__(self, book: Book, name: str, known: KnownNames, choices: Choices) -> None:
        self.book, self.name, self.known, self.choices = book, name, known, choices
        self.sheets = book.sheets
        self.take = [one for one in Reason if one.value in choices.take]
        names = {sheet.name for sheet in self.sheets}
        self.is_template = {header.SHEET, header.ACTIONS} <= names

    def read(self) -> PlanReading:
        """Return what the workbook says."""
        filled = [sheet for sheet in self.sheets if sheet.rows]
        if not filled:
            return PlanReading(refused=NO_SHEET, sheets=self.sheets)
        is_all = Reason.HIDDEN_SHEET in self.take
        open_ones = [sheet.name for sheet in filled if sheet.is_visible or is_all]
        wanted = [header.ACTIONS] if self.is_template else open_ones
        known_names = {sheet.name for sheet in filled}
        chosen = [name for name in dict.fromkeys(self.choices.sheets) if name in known_names]
        strangers = [name for name in self.choices.sheets if name not in known_names]
        if not (chosen or wanted):
            return PlanReading(refused=ONLY_HIDDEN, sheets=self.sheets)
        try:
            parts = (
                [self._part(name) for name in chosen[:MOST_SHEETS]]
                if chosen
                else [self._best(wanted)]
            )
        except BadSheet as refused:
            return PlanReading(refused=str(refused), sheets=self.sheets)
        others = [one for one in open_ones if one not in {part.grid.name for part in parts}]
        if others and not self.is_template:
            parts[0].faults.note(spoken.other_sheets(others))
        for name in strangers:
            parts[0].faults.error(NO_SUCH_SHEET % name)
        return self._read(parts)

    # --- Headers --------------------------------------------------------------------------------

    def _grid(self, name: str) -> Grid:
        return self.book.grid(name, take=self.take, keep=IDS)

    def _part(self, name: str, grid: Grid | None = None) -> _Part:
        grid = grid or self._grid(name)
        row = layout.header_for(self.choices.header, name)
        chosen = layout.chosen_for(self.choices.headings, name)
        found = layout.find(grid, chosen, row if row in grid.rows else None) if grid.rows else None
        faults = Faults(grid.name)
        if found is None:
            guess = layout.guess(grid) if grid.rows else PlanLayout(0, 0)
            faults.error(NO_HEADER % (name or self.name), guess.top)
            return _Part(grid, guess, faults, False, Raw())
        target_years.settle(found, grid.name, self.choices.answers)
        raw = Reader(grid, found, faults, exact=found.is_template).read()
        return _Part(grid, found, faults, True, raw)

    def _best(self, wanted: list[str]) -> _Part:
        """Return the sheet whose header is understood best. Raises BadSheet where it is too large,
        or where every sheet is."""
        best: tuple[float, str, Grid] | None = None
        refused: BadSheet | None = None
        for name in wanted[:MOST_SHEETS]:
            try:
                grid = self._grid(name)
            except BadSheet as error:
                refused = refused or error
                continue
            found = layout.find(grid, {}) if grid.rows else None
            score = found.score if found else 0
            if best is None or score > best[0]:
                best = (score, name, grid)
        if refused is not None and (best is None or not best[0]):
            raise refused
        if best is None:
            raise BadSheet(NO_SHEET)
        return self._part(best[1], best[2])

    # --- Reading --------------------------------------------------------------------------------

    def _read(self, parts: list[_Part]) -> PlanReading:
        first = parts[0]
        exact = first.layout.is_template
        said, titles, others = self._other_sheets(first) if exact else (None, {}, [])
        named = said.id if said else _plan_key(first) if exact else None
        base = self.known.base
        plan = self.choices.plan or said
        if said is not None and plan is not None and said.id == plan.id:
            plan = said  # our template says itself what the plan is
        if plan is None and base is not None and named == base.plan.id:
            plan = base.plan  # our CSV names it in each row
        if named and plan and named != plan.id:
            first.faults.note(OTHER_PLAN % (named, plan.id))
        if exact and base and not titles:  # CSV has no sheet of strategies
            titles = {part.number: part.title for part in base.strategies}
        shared = Shared(BaseActions(base, self.known.in_use))
        shared.titles.update(titles)
        actions = self._actions(parts, shared, plan)
        has_rows = any(part.raw.actions for part in parts)
        if not has_rows and first.is_found and not first.faults.has_errors:
            message = NO_ROWS % (first.grid.name or self.name)
            if exact:
                return PlanReading(refused=message, sheets=self.sheets, sheet=first.grid.name)
            first.faults.error(f"{message} {OTHER_HEADER}", first.layout.bottom)
        guessed = None
        has_wrong_header = any(problem.severity == "error" for problem in others)
        if plan is None and not has_wrong_header:
            guessed = _guess(first, self.name, self.known)
            first.faults.error(NO_PLAN)
        reading = self._gathered(parts, others, first, shared)
        shape = Shape.TEMPLATE if exact else Shape.MATRIX
        reading = replace(
            reading, guessed=guessed, names_plan=named, shape=shape, in_use=self.known.in_use
        )
        return self._with_plan(reading, parts, shared, plan, actions, has_wrong_header)

    def _actions(
        self, parts: list[_Part], shared: Shared, plan: PlanPart | None
    ) -> list[ActionPart]:
        for part in parts:
            if len(parts) > 1:
                _name_strategy(part)
            shared.numbers |= {one.number for one in part.raw.strategies if one.number}
        ready: list[tuple[_Part, SheetContext, Assembler]] = []
        for part in parts:
            exact = part.layout.is_template
            part.given = given = SheetContext(
                part.layout, part.faults, self.known, self.choices, shared, plan, exact
            )
            place = shortened(self.name)
            place += f", lembar {shortened(part.grid.name)}," if part.grid.name else ""
            part.assembler = assembler = Assembler(part.raw, given, titles={}, origin=place)
            assembler.expect()
            ready.append((part, given, assembler))
        actions: list[ActionPart] = []
        for part, given, assembler in ready:
            assembler.strategies.take()
            assembler.waits_for_years = target_years.ask(given)
            actions += assembler.actions()
            if part.is_found:
                spoken.say_columns(part.layout, part.faults, plan, self.known.base)
        return actions

    def _gathered(
        self, parts: list[_Part], others: list[Problem], first: _Part, shared: Shared
    ) -> PlanReading:
        """Return all that is said of the sheets, but the plan."""
        is_several = len(parts) > 1
        problems = list(others)
        notes: list[str] = []
        questions: list[Ambiguity] = []
        table: list[ShownRow] = []
        for part in parts:
            problems += sorted(part.faults.found, key=lambda problem: problem.row or 0)
            mark = f"Lembar “{part.grid.name}”: " if is_several else ""
            notes += [mark + text for text in part.faults.notes]
            if part.given is None or part.assembler is None:
                continue
            questions += part.given.questions
            agencies = part.assembler.parties.agencies
            table += shown.rows_of(part.assembler.made, part.grid.name, agencies, part.given)
        notes += [*spoken.answered(questions), *spoken.without_target(table)]
        left = [one for part in parts for one in part.grid.left_out]
        if not self.is_template:
            names = {part.grid.name for part in parts}
            unread = [one for one in self.book.left_out_sheets if not names & set(one.places)]
            left = [*unread, *left]
        last = parts[-1].assembler
        agencies_open, groups_open = last.unknown() if last else ([], [])
        return PlanReading(
            sheets=self.sheets,
            sheet=first.grid.name,
            read_sheets=[part.grid.name for part in parts],
            headings=[
                heading
                for place, part in enumerate(parts)
                for heading in layout.headings(part.layout, part.grid.name if place else "")
            ],
            header_rows=[] if is_several else layout.header_rows(first.grid),
            header=first.layout.top + 1,
            rows=sum(part.raw.rows for part in parts),
            problems=problems,
            notes=[*notes, *(one.sentence for one in left)],
            left_out=[
                LeftPart(reason=one.reason.value, sentence=one.sentence, is_taken=one.is_taken)
                for one in left
            ],
            questions=questions,
            table=table,
            unknown_agencies=agencies_open,
            unknown_working_groups=groups_open,
            strategies={str(n): text for n, text in shared.written.items()},
        )

    def _with_plan(
        self,
        reading: PlanReading,
        parts: list[_Part],
        shared: Shared,
        plan: PlanPart | None,
        actions: list[ActionPart],
        has_wrong_header: bool,
    ) -> PlanReading:
        is_open = bool(
            reading.unknown_agencies
            or reading.unknown_working_groups
            or any(not question.answer for question in reading.questions)
        )
        has_errors = has_wrong_header or any(part.faults.has_errors for part in parts)
        if plan is None or has_wrong_header:
            return reading
        if not (has_errors or is_open):
            whole = assembling.complete(plan, shared.titles, actions)
            return replace(reading, plan=whole)
        made = [part.assembler for part in parts if part.assembler is not None]
        is_file_wrong = any(
            row < 0 or row <= part.layout.bottom for part in parts for row in part.faults.error_rows
        )
        ready = any(one.state is RowState.READY for sheet in made for one in sheet.made)
        if is_file_wrong or not ready or any(sheet.holds_work for sheet in made):
            return reading
        sound = [action for sheet in made for action in sheet.sound()]
        kept = (
            assembling.complete(plan, shared.titles, sound, self.known.base)
            if self.choices.without_wrong
            else None
        )
        return replace(reading, may_leave_wrong=True, plan=kept)

    def _other_sheets(self, first: _Part) -> tuple[PlanPart | None, dict[int, str], list[Problem]]:
        """Return the plan and the strategies' titles of our template's other sheets."""
        names = {sheet.name for sheet in self.sheets if sheet.rows}
        if header.SHEET not in names or not first.grid.name:
            return None, {}, []
        of_plan, of_strategies = Faults(header.SHEET), Faults(header.STRATEGIES)
        plan = header.read(self._grid(header.SHEET), of_plan)
        titles: dict[int, str] = {}
        rows = self._grid(header.STRATEGIES).rows if header.STRATEGIES in names else {}
        for row, cells in rows.items():
            number, title = text_of(cells.get(0)), text_of(cells.get(1), exact=True)
            if not number.isdigit() or not title:
                if row and (number or title):
                    of_strategies.error("Isi nomor (angka) dan judul strategi.", row, 0)
                continue
            if int(number) in titles:
                of_strategies.error(f"Strategi {number} sudah ada di atas.", row, 0)
            elif len(title) > LONGEST_TEXT:
                of_strategies.error(too_long(LONGEST_TEXT), row, 1)
            elif of_strategies.screen(title, row, 1):
                titles[int(number)] = title
        return plan, titles, [*of_plan.found, *of_strategies.found]


def _name_strategy(part: _Part) -> None:
    """Make a sheet that names no strategy one itself, by its own name, where there are several."""
    if part.raw.strategies or not part.raw.actions or part.layout.is_template:
        return
    part.raw.strategies.append(RawStrategy(0, part.grid.name, part.layout.top, 0))
    for action in part.raw.actions:
        action.strategy = 0


def _plan_key(part: _Part) -> str | None:
    """Return the plan that our CSV names in each row."""
    columns = part.layout.columns.items()
    column = next((at for at, c in columns if folded(c.text) == folded(PLAN_KEY_LABEL)), None)
    if column is None:
        return None
    rows = part.grid.rows.items()
    keys = {text_of(cells.get(column)) for row, cells in rows if row > part.layout.bottom} - {""}
    return keys.pop() if len(keys) == 1 else None


def _guess(part: _Part, name: str, known: KnownNames) -> GuessedPlan:
    if known.base is not None:
        head = known.base.plan
        return GuessedPlan(
            title=head.title, kind=head.kind, first_year=head.first_year, last_year=head.last_year
        )
    titles = [
        header_text(cell)
        for row, cells in part.grid.rows.items()
        if row < part.layout.top
        for cell in cells.values()
    ]
    titles = [title for title in titles if not blocks(title)]
    years = {slot.year for slot in part.layout.targets.values()}
    return guesses.guessed_plan(titles[:6], years, shortened(name))
