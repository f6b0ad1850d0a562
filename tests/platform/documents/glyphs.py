"""What a PDF really shows: glyph 0 of a font is the empty box."""

import io
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ContentStream


def empty_boxes(pdf: bytes) -> int:
    """Return how many signs of a PDF are drawn as an empty box (.notdef)."""
    reader = PdfReader(io.BytesIO(pdf))
    found = 0
    for page in reader.pages:
        fonts: dict[str, Any] = dict(page["/Resources"]["/Font"])  # type: ignore[index,call-overload]
        has_wide_codes = False
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            if operator == b"Tf":
                has_wide_codes = fonts[operands[0]].get_object()["/Subtype"] == "/Type0"
            elif operator in (b"Tj", b"TJ") and has_wide_codes:
                parts = operands[0] if operator == b"TJ" else operands
                found += sum(_zeros(part) for part in parts if not isinstance(part, int | float))
    return found


def _zeros(part: Any) -> int:
    if not hasattr(part, "original_bytes"):
        return 0
    codes = part.original_bytes
    return sum(codes[at : at + 2] == b"\0\0" for at in range(0, len(codes), 2))
