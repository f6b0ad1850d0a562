"""Writes a letter as DOCX. Runs in a child process alone: the library takes 40 MB.

python-docx builds it from the same `Paper` as the PDF, so that both say the same. A template of
docxtpl would be for an office that wants to lay its letters out itself; none has asked.
"""

import base64
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import segno
from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

FONT = "Times New Roman"
WIDTH = 180  # millimetres between the margins
PAGE, PAGES = "PAGE", "NUMPAGES"
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def main(payload: bytes) -> bytes:
    """Return the DOCX of a letter as `paper.Paper.data()` gives it."""
    data = json.loads(payload)
    document = _blank(data["title"])
    if data["kop"]["lines"]:
        _kop(document, data["kop"], data["emblem_png"])
    if data["mark"]:
        _mark(document, data["mark"])
    for block in data["blocks"]:
        DRAWN[block["kind"]](document, block)
    _footer(document, " \u00b7 ".join(filter(None, (data["footer"], data["left_out"]))))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _blank(title: str) -> Any:
    document = Document()
    document.core_properties.title = title
    document.core_properties.author = "Koordinator TPPO"
    document.core_properties.language = "id"
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(15)
    section.top_margin, section.bottom_margin = Mm(14), Mm(18)
    section.footer_distance = Mm(9)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(11)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "id-ID")
    style.element.rPr.append(language)
    style.paragraph_format.space_after = Pt(4)
    return document


def _tight(paragraph: Any, *, before: float = 0, after: float = 0) -> Any:
    paragraph.paragraph_format.space_before = Pt(before)
    paragraph.paragraph_format.space_after = Pt(after)
    return paragraph


def _grid(place: Any, rows: int, widths: Sequence[float], *, style: str | None = None) -> Any:
    table = place.add_table(rows=rows, cols=len(widths))
    if style:
        table.style = style
    else:
        _without_margins(table)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
    return table


def _without_margins(table: Any) -> None:
    """Let a table that only sets things side by side begin where the text does."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), "0")
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    table._tbl.tblPr.append(margins)


def _edge(paragraph: Any, sides: Sequence[str], *, kind: str, size: int, space: int = 1) -> None:
    borders = OxmlElement("w:pBdr")
    for side in sides:
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", kind), ("sz", size), ("space", space), ("color", "000000")):
            line.set(qn(f"w:{name}"), str(value))
        borders.append(line)
    properties = paragraph._p.get_or_add_pPr()
    later = properties.find(qn("w:spacing"))  # the schema wants borders before spacing
    if later is None:
        properties.append(borders)
    else:
        later.addprevious(borders)


def _kop(document: Any, head: Mapping[str, Any], emblem: str | None) -> None:
    table = _grid(document, 1, (24, WIDTH - 48, 24))
    mark, words, _right = table.rows[0].cells
    paragraph = _tight(mark.paragraphs[0])
    if emblem:
        paragraph.add_run().add_picture(io.BytesIO(base64.b64decode(emblem)), height=Mm(22))
    else:
        run = paragraph.add_run("[Lambang daerah]")
        run.font.size, run.font.color.rgb = Pt(8), RGBColor(0x55, 0x55, 0x55)
    for number, line in enumerate(head["lines"]):
        paragraph = words.paragraphs[0] if number == 0 else words.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = _tight(paragraph).add_run(line.upper())
        run.bold, run.font.size = True, Pt(13)
    if head["address"]:
        paragraph = words.add_paragraph(head["address"])
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _tight(paragraph, before=2).runs[0].font.size = Pt(9)
    rule = _tight(document.add_paragraph(), after=8)
    rule.paragraph_format.line_spacing = Pt(6)
    _edge(rule, ("bottom",), kind="thickThinSmallGap", size=24)


def _reference(document: Any, block: Mapping[str, Any]) -> None:
    table = _grid(document, len(block["rows"]), (20, 4, WIDTH - 84, 60))
    for row, (label, value) in zip(table.rows, block["rows"], strict=True):
        for cell, text in zip(row.cells, (label, ":", value, ""), strict=True):
            _tight(cell.paragraphs[0]).add_run(text)
    right = table.rows[0].cells[3].paragraphs[0]
    right.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    right.add_run(block["right"])


def _lines(document: Any, block: Mapping[str, Any]) -> None:
    paragraph = _tight(document.add_paragraph(), before=8, after=7)
    for number, line in enumerate(block["lines"]):
        if number:
            paragraph.add_run().add_break(WD_BREAK.LINE)
        paragraph.add_run(line)


def _text(document: Any, block: Mapping[str, Any]) -> None:
    document.add_paragraph(block["text"])


def _title(document: Any, block: Mapping[str, Any]) -> None:
    is_new = block["new_page"]
    paragraph = _tight(document.add_paragraph(), before=0 if is_new else 8, after=2)
    paragraph.paragraph_format.page_break_before = is_new
    paragraph.paragraph_format.keep_with_next = True
    paragraph.add_run(block["text"]).bold = True


def _annex_head(document: Any, block: Mapping[str, Any]) -> None:
    paragraph = _tight(document.add_paragraph(), after=12)
    paragraph.paragraph_format.left_indent = Mm(90)
    for number, line in enumerate(block["lines"]):
        if number:
            paragraph.add_run().add_break(WD_BREAK.LINE)
        paragraph.add_run(line)


def _heading(document: Any, block: Mapping[str, Any]) -> None:
    for number, line in enumerate(block["lines"], start=1):
        is_last = number == len(block["lines"])
        paragraph = _tight(
            document.add_paragraph(), before=8 if number == 1 else 0, after=8 if is_last else 0
        )
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = True
        paragraph.add_run(line).bold = True


def _items(document: Any, block: Mapping[str, Any]) -> None:
    for number, item in enumerate(block["items"]):
        mark = f"{LETTERS[number % 26] if block['numbering'] == 'a' else number + 1}."
        paragraph = _tight(document.add_paragraph(), after=1)
        paragraph.paragraph_format.left_indent = Mm(7)
        paragraph.paragraph_format.first_line_indent = Mm(-7)
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(7))
        paragraph.add_run(f"{mark}\t{item}")


def _shade(cell: Any) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "EBEBEB")):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _row_mark(row: Any, name: str) -> None:
    mark = OxmlElement(f"w:{name}")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _table(document: Any, block: Mapping[str, Any]) -> None:
    table = _grid(document, 1 + len(block["rows"]), block["widths"], style="Table Grid")
    _row_mark(table.rows[0], "tblHeader")
    for cell, word in zip(table.rows[0].cells, block["heads"], strict=True):
        _shade(cell)
        run = _tight(cell.paragraphs[0], before=1, after=1).add_run(word)
        run.bold, run.font.size = True, Pt(9)
    for row, values in zip(list(table.rows)[1:], block["rows"], strict=True):
        _row_mark(row, "cantSplit")
        for cell, parts in zip(row.cells, values, strict=True):
            for number, (style, text) in enumerate(parts):
                paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
                run = _tight(paragraph, before=1, after=1).add_run(text)
                run.bold = style == "bold"
                run.font.size = Pt(8.5 if style == "small" else 9.5)
    _end_of_table(document)


def _end_of_table(document: Any) -> None:
    """Add the paragraph that a table must be followed by, so low that it starts no page alone."""
    paragraph = _tight(document.add_paragraph())
    paragraph.paragraph_format.line_spacing = Pt(1)
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY


def _signatures(document: Any, block: Mapping[str, Any]) -> None:
    parties = block["parties"]
    table = _grid(document, 1, (WIDTH / 2, WIDTH / 2))
    _row_mark(table.rows[0], "cantSplit")
    cells = table.rows[0].cells
    for cell, party in zip(cells[-len(parties) :], parties, strict=True):
        over = _tight(cell.paragraphs[0], before=6)
        over.add_run(party["over"] or "\u00a0")
        over.add_run().add_break(WD_BREAK.LINE)
        over.add_run(f"{party['office']},")
        space = _tight(cell.add_paragraph(), before=8, after=8)
        space.alignment = WD_ALIGN_PARAGRAPH.CENTER
        space.paragraph_format.left_indent = Mm(1)
        space.paragraph_format.right_indent = Mm(44)
        run = space.add_run()
        run.font.size, run.font.color.rgb = Pt(8), RGBColor(0x55, 0x55, 0x55)
        for text in ("", "", party["space"], "", ""):
            if text:
                run.add_text(text)
            else:
                run.add_break(WD_BREAK.LINE)
        _edge(space, ("top", "left", "bottom", "right"), kind="dashed", size=4, space=2)
        for line in party["lines"]:
            paragraph = _tight(cell.add_paragraph(), after=2)
            paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(17))
            paragraph.add_run(f"{line}\t: {'.' * 44}")


def _code(document: Any, block: Mapping[str, Any]) -> None:
    picture = io.BytesIO()
    segno.make(block["address"], error="m", micro=False).save(
        picture, kind="png", scale=8, border=1
    )
    picture.seek(0)
    table = _grid(document, 1, (30, WIDTH - 30))
    _row_mark(table.rows[0], "cantSplit")
    mark, words = table.rows[0].cells
    shape = _tight(mark.paragraphs[0]).add_run().add_picture(picture, width=Mm(24))
    shape._inline.docPr.set("descr", f"Kode QR ke {block['address']}")
    for number, line in enumerate(block["lines"]):
        paragraph = words.paragraphs[0] if number == 0 else words.add_paragraph()
        _tight(paragraph).add_run(line).font.size = Pt(9)


def _field(paragraph: Any, name: str) -> None:
    for kind in ("begin", None, "end"):
        run = paragraph.add_run()
        run.font.size = Pt(8)
        if kind is None:
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = f" {name} "
            run._r.append(code)
        else:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)


def _mark(document: Any, text: str) -> None:
    """Print a mark at the head of every page."""
    section = document.sections[0]
    section.top_margin, section.header_distance = Mm(22), Mm(9)
    paragraph = _tight(section.header.paragraphs[0])
    paragraph.style = document.styles["Normal"]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run(text).bold = True


def _footer(document: Any, left: str) -> None:
    paragraph = _tight(document.sections[0].footer.paragraphs[0])
    paragraph.style = document.styles["Normal"]  # the footer's own style has stops of its own
    _edge(paragraph, ("top",), kind="single", size=4, space=4)
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(f"{left}\tHalaman ").font.size = Pt(8)
    _field(paragraph, PAGE)
    paragraph.add_run(" dari ").font.size = Pt(8)
    _field(paragraph, PAGES)


DRAWN = {
    "reference": _reference,
    "lines": _lines,
    "text": _text,
    "title": _title,
    "annex_head": _annex_head,
    "heading": _heading,
    "items": _items,
    "table": _table,
    "signatures": _signatures,
    "code": _code,
}
