"""Writes a workbook. Runs in a child process alone."""

import io
import json
from datetime import date

import xlsxwriter


def main(payload: bytes) -> bytes:
    """Return the XLSX of {"sheets": [{"name", "rows", "widths"}]}; the first rows are bold.

    A cell is text, a number, {"day": "2026-12-31"} or null.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left", "valign": "top"})
        for order in json.loads(payload)["sheets"]:
            sheet = book.add_worksheet(order["name"])
            for column, width in enumerate(order["widths"]):
                sheet.set_column(column, column, width)
            for number, row in enumerate(order["rows"]):
                for column, value in enumerate(row):
                    look = plain if number else head
                    if isinstance(value, dict):
                        sheet.write_datetime(number, column, date.fromisoformat(value["day"]), day)
                    elif isinstance(value, int | float):
                        sheet.write_number(number, column, value, look)
                    elif value is None:
                        sheet.write_blank(number, column, None, look)
                    else:
                        sheet.write_string(number, column, value, look)
            sheet.freeze_panes(1, 1)
    return out.getvalue()
