"""Writes our template, empty or with a plan in it. Runs in a child process alone."""

import io
import json
from decimal import Decimal
from typing import Any

import xlsxwriter

from coordinator.plans.actions.document import PLAN_FORMAT
from coordinator.plans.actions.rules import PlanKind
from coordinator.plans.actions.seed import PlanFile
from coordinator.plans.reading import guide, header
from coordinator.plans.reading.assembling import TAGS
from coordinator.plans.reading.columns import (
    ACCUMULATION_WORDS,
    BETTER_WORDS,
    KIND_WORDS,
    PLAN_KEY_LABEL,
    PLAN_KIND_WORDS,
    STATUS_WORDS,
    STRATEGY_TITLE_LABEL,
)
from coordinator.plans.reading.shapes import Field, KnownNames
from coordinator.plans.reading.table import Head, Value, heads, names_of, rows
from coordinator.plans.reading.values import shown_number
from coordinator.platform.documents.csvfile import FORMULA_STARTS, csv_bytes

FREE_ROWS = 500  # below the last one, with lists ready
LISTS = "Daftar"
WIDTHS = {
    Field.STRATEGY: 9,
    Field.CODE: 8,
    Field.ACTION: 46,
    Field.WORKING_GROUP: 22,
    Field.TAG: 14,
    Field.LEAD: 30,
    Field.SUPPORT: 36,
    Field.INDICATOR: 36,
    Field.UNIT: 12,
    Field.KIND: 12,
    Field.BETTER: 22,
    Field.ACCUMULATION: 20,
    Field.QUESTION: 36,
    Field.ORIGIN: 30,
    Field.BASIS: 24,
    Field.DUTIES: 30,
    Field.NATIONAL: 24,
    Field.DISCONTINUED: 24,
    Field.ACTION_KEY: 24,
    Field.INDICATOR_KEY: 24,
}
TARGET_WIDTH = 11
IDS = (Field.ACTION_KEY, Field.INDICATOR_KEY)
MAY_BE_CHANGED = {
    "insert_rows": True,
    "delete_rows": True,
    "insert_columns": True,
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
    "sort": True,
    "autofilter": True,
}


def main(payload: bytes) -> bytes:
    """Return the file of {"format": "xlsx" or "csv", "known", "plan" (its text)}."""
    order: dict[str, Any] = json.loads(payload)
    known = KnownNames.checked(order["known"])
    plan = PLAN_FORMAT.from_json(order["plan"]) if order["plan"] else None
    return csv_of(plan, known) if order["format"] == "csv" and plan else xlsx_of(plan, known)


# --- CSV ----------------------------------------------------------------------------------------


def csv_of(plan: PlanFile, known: KnownNames) -> bytes:
    """Return a plan's table as CSV; in front of it the plan's id, behind it the strategies."""
    columns = heads(plan)
    titles = {part.number: part.title for part in plan.strategies}
    table: list[list[str | int | None]] = [
        [PLAN_KEY_LABEL, *(head.label for head in columns), STRATEGY_TITLE_LABEL]
    ]
    strategy = next(at for at, head in enumerate(columns) if head.field is Field.STRATEGY)
    for row in rows(plan, columns, known):
        title = titles.get(int(str(row[strategy] or 0)), "")
        table.append([plan.plan.id, *(_csv_cell(value) for value in row), _safe(title)])
    return csv_bytes(table)


def _csv_cell(value: Value) -> str | None:
    if isinstance(value, Decimal):
        text = shown_number(value)
        # "1,234" could be a thousand and more; four places cannot.
        return f"{text}0" if len(text.partition(",")[2]) == 3 else text
    return _safe(value) if value else value


def _safe(text: str) -> str:
    """Return text so that a formula stays text, in a way that reading can undo."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_STARTS) else text


# --- XLSX ---------------------------------------------------------------------------------------


def xlsx_of(plan: PlanFile | None, known: KnownNames) -> bytes:
    """Return the template as a workbook."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        _Writer(book, plan, known).write()
    return out.getvalue()


class _Writer:
    """Writes the sheets of one workbook."""

    def __init__(self, book: Any, plan: PlanFile | None, known: KnownNames) -> None:
        self.book, self.plan, self.known = book, plan, known
        look = {"text_wrap": True, "valign": "top", "font_name": "Arial", "font_size": 10}
        self.plain = book.add_format(look)
        self.title = book.add_format({**look, "bold": True, "font_size": 16, "text_wrap": False})
        self.bold = book.add_format({**look, "bold": True})
        self.note = book.add_format({**look, "font_color": "#555555"})
        box = {"border": 1, "border_color": "#BBBBBB"}
        self.head = book.add_format(
            {**look, **box, "bold": True, "bg_color": "#1B4F72", "font_color": "#FFFFFF"}
        )
        self.cell = book.add_format({**look, **box})
        self.text = book.add_format({**look, "num_format": "@", "locked": False})
        self.number = book.add_format({**look, "num_format": "#,##0.###", "locked": False})
        box |= {**look, "locked": False}
        self.field = book.add_format({**box, "num_format": "@"})
        self.year = book.add_format({**box, "num_format": "0", "align": "left"})

    def write(self) -> None:
        """Write all sheets; the lists last, hidden."""
        guide_sheet = self.book.add_worksheet("Panduan")
        plan_sheet = self.book.add_worksheet(header.SHEET)
        strategies = self.book.add_worksheet(header.STRATEGIES)
        actions = self.book.add_worksheet(header.ACTIONS)
        lists = self.book.add_worksheet(LISTS)
        lists.hide()
        self._guide(guide_sheet)
        self._plan(plan_sheet)
        self._strategies(strategies)
        self._actions(actions, self._lists(lists))
        (actions if self.plan else guide_sheet).activate()

    def _guide(self, sheet: Any) -> None:
        sheet.hide_gridlines(2)
        for column, width in enumerate((26, 8, 62, 36)):
            sheet.set_column(column, column, width)
        sheet.write_string(0, 0, guide.TITLE, self.title)
        row = 2
        for step in guide.STEPS:
            sheet.merge_range(row, 0, row, 3, step, self.plain)
            sheet.set_row(row, _height((step, 148)))
            row += 1
        row += 1
        for column, text in enumerate(guide.COLUMNS_TITLE):
            sheet.write_string(row, column, text, self.head)
        for line in guide.COLUMNS:
            row += 1
            sheet.set_row(row, _height((line[2], 66), (line[3], 36)))
            for column, text in enumerate(line):
                sheet.write_string(row, column, text, self.cell)
        _to_print(sheet)

    def _plan(self, sheet: Any) -> None:
        sheet.hide_gridlines(2)
        for column, width in enumerate((22, 56, 66)):
            sheet.set_column(column, column, width)
        for column, text in enumerate(("Bagian", "Isi", "Penjelasan")):
            sheet.write_string(0, column, text, self.head)
        values = self._plan_values()
        words = {
            "kind": [names[0] for names in PLAN_KIND_WORDS.values()],
            "status": [names[0] for names in STATUS_WORDS.values()],
            "sample": ["ya", "tidak"],
        }
        for row, (name, label) in enumerate(header.LABELS.items(), start=1):
            needed = " *" if name in header.NEEDED else ""
            sheet.write_string(row, 0, label + needed, self.bold)
            value = values.get(name)
            sheet.set_row(row, _height((str(value or ""), 56), (guide.OF_PLAN[name], 68)))
            if isinstance(value, int):
                sheet.write_number(row, 1, value, self.year)
            elif value:
                sheet.write_string(row, 1, value, self.field)
            else:
                sheet.write_blank(row, 1, None, self.year if "year" in name else self.field)
            sheet.write_string(row, 2, guide.OF_PLAN[name], self.note)
            if name in words:
                sheet.data_validation(row, 1, row, 1, {"validate": "list", "source": words[name]})
        sheet.write_string(len(header.LABELS) + 2, 0, "* wajib diisi", self.note)
        sheet.freeze_panes(1, 1)
        sheet.protect("", MAY_BE_CHANGED)
        _to_print(sheet)

    def _plan_values(self) -> dict[str, str | int | None]:
        if self.plan is None:
            return {
                "kind": PLAN_KIND_WORDS[PlanKind.RAD][0],
                "status": "rancangan",
                "sample": "tidak",
            }
        part = self.plan.plan
        return {
            "id": part.id,
            "kind": PLAN_KIND_WORDS[part.kind][0],
            "title": part.title,
            "status": STATUS_WORDS[part.status][0],
            "sample": "ya" if part.sample else "tidak",
            "first_year": part.first_year,
            "last_year": part.last_year,
            "basis": part.basis,
            "source": part.source,
            "note": part.note,
            "task_force": part.task_force,
            "national": part.national,
        }

    def _strategies(self, sheet: Any) -> None:
        parts = self.plan.strategies if self.plan else []
        sheet.set_column(0, 0, 10, self.number)
        sheet.set_column(1, 1, 90, self.text)
        sheet.write_string(0, 0, "Nomor", self.head)
        sheet.write_string(0, 1, "Judul strategi", self.head)
        for row, part in enumerate(parts, start=1):
            sheet.set_row(row, _height((part.title, 92)))
            sheet.write_number(row, 0, part.number, self.number)
            sheet.write_string(row, 1, part.title, self.text)
        sheet.freeze_panes(1, 0)
        sheet.protect("", MAY_BE_CHANGED)
        _to_print(sheet)

    def _lists(self, sheet: Any) -> dict[Field, str]:
        """Write the lists; return the place of each field's list."""
        agencies, groups = names_of(self.known, self.plan)
        lists: dict[Field, list[str]] = {
            Field.WORKING_GROUP: [groups.label(key) for key in self.known.working_groups],
            Field.TAG: list(TAGS),
            Field.LEAD: sorted(agencies.label(key) for key in self.known.agencies),
            Field.KIND: [names[0] for names in KIND_WORDS.values()],
            Field.BETTER: [names[0] for names in BETTER_WORDS.values()],
            Field.ACCUMULATION: [names[0] for names in ACCUMULATION_WORDS.values()],
        }
        places: dict[Field, str] = {}
        for column, (name, texts) in enumerate(lists.items()):
            for row, text in enumerate(texts):
                sheet.write_string(row, column, text)
            letter = chr(65 + column)
            if texts:
                places[name] = f"={LISTS}!${letter}$1:${letter}${len(texts)}"
        places[Field.STRATEGY] = f"={header.STRATEGIES}!$A$2:$A$200"
        return places

    def _actions(self, sheet: Any, lists: dict[Field, str]) -> None:
        columns = heads(self.plan)
        table = rows(self.plan, columns, self.known) if self.plan else []
        sheet.set_row(0, 30)
        last = len(table) + FREE_ROWS
        for at, head in enumerate(columns):
            width = WIDTHS[head.field] if head.field else TARGET_WIDTH
            options = {"hidden": True} if head.field in IDS else {}
            sheet.set_column(at, at, width, self._look(head), options)
            sheet.write_string(0, at, head.label, self.head)
            self._rule(sheet, at, head, lists, last)
        for row, values in enumerate(table, start=1):
            sizes = [
                (value, WIDTHS[head.field])
                for head, value in zip(columns, values, strict=True)
                if head.field and head.field not in IDS and isinstance(value, str)
            ]
            sheet.set_row(row, _height(*sizes))
            for at, value in enumerate(values):
                if isinstance(value, Decimal):
                    sheet.write_number(row, at, value, self.number)
                elif value:
                    sheet.write_string(row, at, value, self.text)
        sheet.autofilter(0, 0, max(len(table), 1), len(columns) - 1)
        sheet.freeze_panes(1, 3)
        sheet.protect("", MAY_BE_CHANGED)
        sheet.repeat_rows(0)
        sheet.hide_gridlines(0)  # on paper too
        targets = [at for at, head in enumerate(columns) if head.target]
        if table:  # what is behind the targets is for the screen; on paper it would shrink the rest
            sheet.print_area(0, 0, len(table), max(targets, default=len(columns) - 1))
        _to_print(sheet)
        sheet.set_paper(8)  # A3
        if self.plan and self.plan.plan.sample:
            sheet.set_header('&L&"Arial,Bold"DATA CONTOH&R&P/&N')

    def _look(self, head: Head) -> Any:
        return self.number if head.target else self.text

    def _rule(self, sheet: Any, at: int, head: Head, lists: dict[Field, str], last: int) -> None:
        if head.field in lists:
            rule: dict[str, Any] = {
                "validate": "list",
                "source": lists[head.field],
                # A name that is not on the list is asked about after the upload, not lost here.
                "error_type": "warning",
                "error_title": "Tidak ada di daftar",
                "error_message": "Isi ini tidak ada di daftar. Tetap pakai?",
            }
        elif head.field is Field.SUPPORT:
            rule = {
                "validate": "any",
                "input_title": "Pendukung",
                "input_message": "Pisahkan beberapa instansi dengan titik koma (;).",
            }
        elif head.target:
            rule = {
                "validate": "decimal",
                "criteria": ">=",
                "value": 0,
                "error_type": "warning",
                "error_title": "Bukan angka",
                "error_message": "Tulis angka saja, misalnya 12. Tetap pakai?",
            }
        else:
            return
        sheet.data_validation(1, at, last, at, {**rule, "ignore_blank": True})


def _height(*texts: tuple[str, int]) -> float:
    """Return the height of a row whose texts wrap at so many characters: not every program makes
    room by itself."""
    lines = (
        sum(1 + len(line) * 5 // (width * 6) for line in text.split("\n")) for text, width in texts
    )
    return min(13.5 * max(lines, default=1) + 1.5, 400)


def _to_print(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
