"""Writes a workbook. Runs in a child process alone."""

import io
import json

import xlsxwriter


def main(payload: bytes) -> bytes:
    """Return the XLSX of {"sheets": [{"name", "rows", "widths"}]}; the first rows are bold."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        for order in json.loads(payload)["sheets"]:
            sheet = book.add_worksheet(order["name"])
            for column, width in enumerate(order["widths"]):
                sheet.set_column(column, column, width)
            for number, row in enumerate(order["rows"]):
                for column, value in enumerate(row):
                    look = plain if number else head
                    if isinstance(value, int):
                        sheet.write_number(number, column, value, look)
                    else:
                        sheet.write_string(number, column, value or "", look)
            sheet.freeze_panes(1, 1)
    return out.getvalue()
