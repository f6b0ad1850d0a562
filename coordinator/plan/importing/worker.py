"""Reads one file. Runs in a child process: the parsers meet what anybody may upload."""

import json
from typing import Any

from coordinator.plan.importing import assembling, guesses, header, layout, yamlfile
from coordinator.plan.importing.columns import PLAN_KEY_LABEL, folded, header_text
from coordinator.plan.importing.faults import Faults
from coordinator.plan.importing.given import LONGEST_TEXT, Given, too_long
from coordinator.plan.importing.layout import Layout
from coordinator.plan.importing.matching import BaseActions
from coordinator.plan.importing.rows import Reader, text_of
from coordinator.plan.importing.shapes import Choices, Known, Problem, Reading, Shape
from coordinator.plan.seed import PlanPart
from coordinator.screening import blocks
from coordinator.seedfile import shown
from coordinator.spreadsheets import kinds
from coordinator.spreadsheets.cells import NO_SHEET, ONLY_HIDDEN, Book, Grid
from coordinator.spreadsheets.kinds import Kind, Refused

NO_HEADER = (
    "Baris judul kolom tidak ditemukan di lembar “%s”. Harus ada kolom Aksi atau Indikator dan "
    "satu kolom lain, misalnya Penanggung Jawab atau Target 2026."
)
NO_ROWS = "Tidak ada satu aksi pun di bawah judul kolom lembar “%s”."
NO_PLAN = "Berkas ini tidak menyebut rencananya: isi jenis, judul, dan tahun rencana."
NO_YEAR = "Tahun kolom target ini tidak tertulis: pilih tahunnya."


def main(payload: bytes) -> bytes:
    """Return the Reading of {"name", "known", "choices"}, a line of JSON before the file itself."""
    head, _newline, data = payload.partition(b"\n")
    order: dict[str, Any] = json.loads(head)
    reading = read(
        data,
        order["name"],
        known=Known.model_validate(order["known"]),
        choices=Choices.model_validate(order["choices"]),
    )
    return reading.model_dump_json(by_alias=True).encode()


def read(data: bytes, name: str, *, known: Known, choices: Choices) -> Reading:
    """Return what was read of a file, in this process."""
    try:
        kind = kinds.kind_of(data)
        if kind is Kind.YAML:
            return yamlfile.read(data, name, known)
        return _sheet(Book(data, kind), name, known, choices)
    except Refused as refused:
        return Reading(refused=str(refused))


def _sheet(book: Book, name: str, known: Known, choices: Choices) -> Reading:
    sheets = book.sheets
    filled = [sheet for sheet in sheets if sheet.rows]
    if not filled:
        return Reading(refused=NO_SHEET, sheets=sheets)
    visible = [sheet.name for sheet in filled if sheet.is_visible]
    is_template = {header.SHEET, header.ACTIONS} <= {sheet.name for sheet in sheets}
    wanted = [header.ACTIONS] if is_template else visible
    if choices.sheet is not None and any(sheet.name == choices.sheet for sheet in filled):
        wanted = [choices.sheet]
    if not wanted:
        return Reading(refused=ONLY_HIDDEN, sheets=sheets)
    try:
        grid, found = _best(book, wanted, choices)
    except Refused as refused:
        return Reading(refused=str(refused), sheets=sheets)
    base = Reading(sheets=sheets, sheet=grid.name)
    if found is None:
        return base.model_copy(update={"refused": NO_HEADER % (grid.name or name)})
    return _read(book, grid, found, name, known, choices, base)


def _best(book: Book, wanted: list[str], choices: Choices) -> tuple[Grid, Layout | None]:
    """Return the sheet whose header is understood best. Raises Refused where it is too large, or
    where every sheet is."""
    best: tuple[Grid, Layout | None] | None = None
    refused: Refused | None = None
    for name in wanted[:20]:
        try:
            grid = book.grid(name, keep=("ID aksi", "ID indikator"))
        except Refused as error:
            refused = refused or error
            continue
        found = layout.find(grid, choices.headings if len(wanted) == 1 else {})
        score = found.score if found else 0
        if best is None or score > (best[1].score if best[1] else 0):
            best = (grid, found)
    if refused is not None and (best is None or best[1] is None):
        raise refused
    if best is None:
        raise Refused(NO_SHEET)
    if len(wanted) > 1 and choices.headings:
        return best[0], layout.find(best[0], choices.headings)
    return best


def _read(
    book: Book,
    grid: Grid,
    found: Layout,
    name: str,
    known: Known,
    choices: Choices,
    reading: Reading,
) -> Reading:
    faults = Faults(grid.name)
    exact = found.is_template
    raw = Reader(grid, found, faults, exact=exact).read()
    said, titles, others = _other_sheets(book, grid, faults) if exact else (None, {}, [])
    plan = choices.plan or said or (_plan_of_rows(grid, found, known) if exact else None)
    if exact and known.base and not titles:  # CSV has no sheet of strategies
        titles = {part.number: part.title for part in known.base.strategies}
    place = shown(name) + (f", lembar {shown(grid.name)}," if grid.name else "")
    given = Given(found, faults, known, choices, BaseActions(known.base), plan, exact)
    assembler = assembling.Assembler(raw, given, titles=titles, origin=place)
    strategies, actions = assembler.strategies(), assembler.actions()
    agencies, groups = assembler.unknown()
    if not raw.actions and not faults.has_errors:
        return reading.model_copy(
            update={"refused": NO_ROWS % (grid.name or name), "headings": layout.headings(found)}
        )
    for part in grid.left_out:
        faults.warning(part.sentence)
    for at, column in found.columns.items():
        if (
            column.field is None
            and not column.is_sure
            and column.text.casefold().find("target") >= 0
        ):
            faults.warning(
                "Tahun kolom target ini tidak tertulis: pilih tahunnya.", found.bottom, at
            )
    guessed = None
    has_wrong_header = any(problem.severity == "error" for problem in others)
    if plan is None and not has_wrong_header:
        guessed = _guess(grid, found, name, known)
        faults.error(NO_PLAN)
    problems = [*others, *sorted(faults.found, key=lambda problem: problem.row or 0)]
    is_whole = not (faults.has_errors or has_wrong_header or agencies or groups)
    return reading.model_copy(
        update={
            "shape": Shape.TEMPLATE if exact else Shape.MATRIX,
            "headings": layout.headings(found),
            "rows": raw.rows,
            "problems": problems,
            "unknown_agencies": agencies,
            "unknown_working_groups": groups,
            "guessed": guessed,
            "plan": assembling.complete(plan, strategies, actions) if plan and is_whole else None,
        }
    )


def _other_sheets(
    book: Book, grid: Grid, faults: Faults
) -> tuple[PlanPart | None, dict[int, str], list[Problem]]:
    """Return the plan and the strategies' titles of our template's other sheets."""
    names = {sheet.name for sheet in book.sheets if sheet.rows}
    if header.SHEET not in names or not grid.name:
        return None, {}, []
    of_plan, of_strategies = Faults(header.SHEET), Faults(header.STRATEGIES)
    plan = header.read(book.grid(header.SHEET), of_plan)
    titles: dict[int, str] = {}
    if header.STRATEGIES in names:
        for row, cells in book.grid(header.STRATEGIES).rows.items():
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


def _plan_of_rows(grid: Grid, found: Layout, known: Known) -> PlanPart | None:
    """Return the plan in force where our CSV names it in each row."""
    column = next(
        (at for at, c in found.columns.items() if folded(c.text) == folded(PLAN_KEY_LABEL)), None
    )
    if column is None or known.base is None:
        return None
    keys = {
        text_of(cells.get(column)) for row, cells in grid.rows.items() if row > found.bottom
    } - {""}
    return known.base.plan if keys == {known.base.plan.id} else None


def _guess(grid: Grid, found: Layout, name: str, known: Known) -> PlanPart | None:
    if known.base is not None:
        return known.base.plan
    titles = [
        header_text(cell)
        for row, cells in grid.rows.items()
        if row < found.top
        for cell in cells.values()
    ]
    titles = [title for title in titles if not blocks(title)]
    years = {year for _level, year in found.targets.values()}
    return guesses.plan_part(titles[:6], years, shown(name))
