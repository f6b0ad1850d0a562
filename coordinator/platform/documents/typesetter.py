"""Typesets a PDF. Runs in a child process alone: typst takes 80 MB on disk and 60 in memory.

Only the fonts that typst carries are used, so that a page breaks at the same word everywhere.
"""

import io
import json
from pathlib import Path

import segno
import typst

PACKAGE = Path(__file__).resolve().parents[2]


def main(payload: bytes) -> bytes:
    """Return the tagged PDF of {"template", "data", "at" (epoch seconds), "qr" (addresses)}."""
    order = json.loads(payload)
    data = dict(order["data"], qr_codes={address: qr_svg(address) for address in order["qr"]})
    return typst.compile(
        str(PACKAGE / order["template"]),
        root=str(PACKAGE),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
        timestamp=order["at"],
    )


def qr_svg(address: str) -> str:
    """Return the QR code of an address as an SVG document."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=0, xmldecl=False)
    return out.getvalue().decode()
