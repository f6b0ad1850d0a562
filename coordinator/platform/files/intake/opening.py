"""Opening a PDF as viewers do: rubbish around it, an owner's password, a broken list of objects."""

import io
import re

import pypdfium2
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from coordinator.platform.files.intake.answer import BadUpload
from coordinator.platform.files.rules import PDF_START, Refusal

FILLING = b"\x00\t\n\r\x1a "  # what copying and sending leave behind the end
MOST_BEHIND = 2048  # bytes of other rubbish there
MOST_PAGES = 500
HAS_LIST = re.compile(rb"startxref\s+\d+\s+%%EOF[^%]*\Z")
UNREADABLE = (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError)


def without_rubbish(payload: bytes) -> bytes:
    """Return the PDF without bytes before its header and padding after its end.

    Raises BadUpload where it has no end: its last pages may be missing.
    """
    whole = payload[payload.find(PDF_START) :].rstrip(FILLING)
    if b"%%EOF" not in whole[-MOST_BEHIND:]:
        raise BadUpload(Refusal.DAMAGED)
    return whole


def open_pdf(payload: bytes) -> PdfReader:
    """Return a reader of a PDF that opens without a password.

    Raises BadUpload for one with a password (or locked for holders of a certificate), and for more
    pages than are read.
    """
    try:
        return _unlocked(payload)
    except UNREADABLE:
        if not HAS_LIST.search(payload[-MOST_BEHIND:]):
            raise
    # Its list of objects is broken beyond what pypdf finds again; a browser's own reader may.
    return _unlocked(_rebuilt(payload))


def _unlocked(payload: bytes) -> PdfReader:
    try:
        reader = PdfReader(io.BytesIO(payload))
        # A file that only its owner's password protects opens for everybody with an empty one.
        is_locked = reader.is_encrypted and not reader.decrypt("")
    except NotImplementedError:  # a certificate's lock
        is_locked = True
    if is_locked:
        raise BadUpload(Refusal.PASSWORD)
    count = reader.trailer["/Root"]["/Pages"]["/Count"]  # type: ignore[index]
    if not isinstance(count, int):
        raise BadUpload(Refusal.DAMAGED)
    if count > MOST_PAGES:
        raise BadUpload(Refusal.TOO_COMPLEX)
    return reader


def _rebuilt(payload: bytes) -> bytes:
    try:
        document = pypdfium2.PdfDocument(payload)
    except pypdfium2.PdfiumError as error:
        is_locked = error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise BadUpload(Refusal.PASSWORD if is_locked else Refusal.DAMAGED) from error
    out = io.BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()
