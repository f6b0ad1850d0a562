"""Asking a child process for a document: rows and words in, bytes out."""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from coordinator import child
from coordinator.errors import Unavailable
from coordinator.platform.documents.paper import Paper
from coordinator.platform.documents.printable import MISSING, is_missing, printable
from coordinator.translation import gettext as _

SECONDS = 10
# A public address can ask for a PDF: run at most two typesetters for each web process.
AT_ONCE = threading.BoundedSemaphore(2)
PATIENCE = 8  # seconds

PDF_TYPE = "application/pdf"
DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class WorkbookSheet:
    """One sheet of a workbook: its name, a head and rows; a cell is text, a number, a day or
    empty."""

    name: str
    rows: Sequence[Sequence[str | int | Decimal | date | None]]
    widths: Sequence[int] = ()


@contextmanager
def _turn() -> Iterator[None]:
    if not AT_ONCE.acquire(timeout=PATIENCE):
        raise Unavailable(_("Sedang banyak dokumen dibuat. Coba lagi beberapa saat lagi."))
    try:
        yield
    finally:
        AT_ONCE.release()


def _made(module: str, payload: Mapping[str, Any], *, seconds: float = SECONDS) -> bytes:
    try:
        return child.run(
            f"coordinator.platform.documents.{module}",
            json.dumps(payload).encode(),
            seconds=seconds,
        )
    except child.ChildFailed as error:
        raise Unavailable(_("Dokumen belum dapat dibuat. Coba lagi beberapa saat lagi.")) from error


def _on_paper(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a document is made of, every sign of it printable. `left_out` is the line for its
    foot where a letter could not be printed, else empty."""
    shown: dict[str, Any] = printable(dict(data))
    said = _("%(mark)s: huruf yang tidak dapat dicetak.", mark=MISSING)
    return {**shown, "left_out": said if is_missing(shown) else ""}


def pdf(
    template: str,
    data: Mapping[str, Any],
    *,
    at: datetime,
    qr: Sequence[str] = (),
    seconds: float = SECONDS,
) -> bytes:
    """Return the PDF that `template` (a .typ file, from the package's folder) makes of `data`.

    The template reads `data` as JSON and never as markup. `at` is the time the file bears; `qr`
    lists addresses whose codes the template finds under `qr_codes`. Signs that no font has are
    replaced (see `documents.printable`). Raises Unavailable.
    """
    payload = {
        "template": template,
        "data": _on_paper(data),
        "at": int(at.timestamp()),
        "qr": list(qr),
    }
    with _turn():
        return _made("typesetter", payload, seconds=seconds)


def xlsx(sheets: Sequence[WorkbookSheet]) -> bytes:
    """Return a workbook. Text stays text, regardless of its first character. Raises Unavailable."""
    payload = {
        "sheets": [
            {
                "name": sheet.name,
                "rows": [[_in_json(cell) for cell in row] for row in sheet.rows],
                "widths": sheet.widths,
            }
            for sheet in sheets
        ]
    }
    with _turn():
        return _made("sheetwriter", payload)


def _in_json(cell: str | int | Decimal | date | None) -> Any:
    if isinstance(cell, Decimal):
        return int(cell) if cell == int(cell) else float(cell)
    return {"day": cell.isoformat()} if isinstance(cell, date) else cell


def paper_pdf(paper: Paper, *, at: datetime) -> bytes:
    """Return a letter as PDF; `at` is the time the file bears. Raises Unavailable."""
    return pdf("platform/documents/paper.typ", paper.data(), at=at, qr=paper.addresses)


def paper_docx(paper: Paper) -> bytes:
    """Return the same letter as a DOCX that an office can edit and number. Raises Unavailable."""
    with _turn():
        return _made("docxwriter", _on_paper(paper.data()))
