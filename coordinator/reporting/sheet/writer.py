"""Writes an agency's sheet. Runs in a child process alone."""

import io
import json

import xlsxwriter


def main(payload: bytes) -> bytes:
    """Return the XLSX of {"name", "head", "rows", "open" (columns to fill), "lists" (words by
    column), "hidden" (columns), "widths", "notes"}. All else is locked; text stays text."""
    order = json.loads(payload)
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
        fixed = book.add_format({"text_wrap": True, "valign": "top", "bg_color": "#EFEBE0"})
        # As text: what people type must come back as they typed it, not as a date or 1E+15.
        free = book.add_format(
            {"text_wrap": True, "valign": "top", "locked": False, "num_format": "@", "border": 1}
        )
        guide = book.add_worksheet(order["guide"]["name"])
        guide.set_column(0, 0, 100)
        for number, line in enumerate(order["guide"]["lines"]):
            guide.write_string(number, 0, line)
        sheet = book.add_worksheet(order["name"])
        sheet.activate()
        fillable = set(order["open"])
        for column, width in enumerate(order["widths"]):
            sheet.set_column(column, column, width, None, {"hidden": column in order["hidden"]})
        for number, row in enumerate([order["head"], *order["rows"]]):
            for column, value in enumerate(row):
                look = head if number == 0 else free if column in fillable else fixed
                sheet.write_string(number, column, value or "", look)
        last = len(order["rows"])
        for column, words in order["lists"].items():
            for row in range(1, last + 1):
                if words.get(str(row)):
                    sheet.data_validation(
                        row,
                        int(column),
                        row,
                        int(column),
                        {"validate": "list", "source": words[str(row)]},
                    )
        sheet.freeze_panes(1, 4)
        sheet.protect("", {"format_columns": True, "format_rows": True})
    return out.getvalue()
